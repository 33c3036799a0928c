"""Tests of the report on how the work goes."""
