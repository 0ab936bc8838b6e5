"""HTTP: the pages that readers see, and how they come live. Asks `desk`, never the store.

`app.create_app` builds the application; one module for each group of pages; `guard` and `visit` hold the defences.
"""
