"""Articles together: near-copies, stories, independent origins, and what an edit or a copy changed.

Everything here is a pure function of its arguments, or an object that holds only what it was handed; the store keeps
what must outlive the process, behind the small protocol in `index`.
"""
