"""Database, migrations and figure files; knows nothing of HTTP or physics.

Start with :func:`storage.database.open_database`; the functions of ``users``, ``runs`` and
``plots`` take what it gives as their first argument and return the records of ``records``.
"""
