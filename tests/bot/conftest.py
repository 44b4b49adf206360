"""How long the drawn examples may take: seconds by default, and a night when asked for one."""

from hypothesis import HealthCheck, settings

SLOW = (HealthCheck.too_slow, HealthCheck.filter_too_much)

settings.register_profile(
    "quick", max_examples=60, deadline=None, derandomize=True, suppress_health_check=SLOW
)
settings.register_profile(
    "nightly", max_examples=10_000, deadline=None, database=None, suppress_health_check=SLOW
)
settings.load_profile("quick")
