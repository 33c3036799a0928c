"""The one room that knows where a person's name can stand."""
