"""Tests of `digest.learned`."""
