"""What a user would pick instead, each as a program of its own in an environment of its own.

Run by ``benchmarks.side_by_side``. The programs import nothing of this project but ``common``.
"""
