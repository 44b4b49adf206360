"""Looking things up: /baton, find, a customer, reports, the Home tab."""
