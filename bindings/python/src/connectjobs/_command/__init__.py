"""The command ``python -m connectjobs``, over the same interface that every user has."""
