"""The schema's history: numbered steps, each frozen as it was when written. None imports the rows."""
