"""People who use Slack: they type, press buttons and submit forms."""
