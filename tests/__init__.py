"""The tests of venvlint; a package, so that `python -m tests.generate` and its like work."""
