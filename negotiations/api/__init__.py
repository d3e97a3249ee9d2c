"""The API for programs: the public record and what follows from it, read-only, under /api/v1/.

One module a subject; `shapes` says what is answered, `asking` what may be asked, `web` how it is served.
"""
