"""Scripts that fit the small models of `digest.learned` to talks with known truth; only they need scikit-learn.

`python -m tests.training.NAME --talks DIR` leaves one author out at a time, prints what that gives, fits to all written
talks and writes `digest/learned/NAME.json`.
"""
