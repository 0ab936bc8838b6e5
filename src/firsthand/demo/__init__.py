"""A small world of news, written for this project: eight outlets on loopback whose articles come out live.

It is the quick look for a visitor and the fixture of the end-to-end tests. Every place, person, outlet and event in
it is invented. `firsthand.demo.server.DemoWorld` runs it; `world/*.md` holds the texts with their gold facts.
"""
