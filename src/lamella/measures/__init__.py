"""Measures, one file each: functions over plain arrays that return one record.

Files that register nothing hold what several measures share (`bars`, `neighbours`,
`class_pairs`), or what is done with their values (`baselines`, `contrast`).
"""
