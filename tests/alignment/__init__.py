"""When each slide was on."""
