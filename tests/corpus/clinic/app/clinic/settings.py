"""Settings of the clinic's portal."""

import os

SECRET_KEY = os.environ["DJANGO_SECRET_KEY"]
INSTALLED_APPS = ["django.contrib.auth", "rest_framework", "assistant"]
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.TokenAuthentication"],
}
ANTHROPIC_API_KEY = os.environ["ANTHROPIC_API_KEY"]
TRIAGE_MODEL = "claude-3-5-sonnet-20241022"
LETTER_MODEL = "claude-3-7-sonnet-latest"
