"""What the portal keeps."""

from django.db import models


class Exchange(models.Model):
    """One question to a model and its reply."""

    user = models.CharField(max_length=80)
    model = models.CharField(max_length=80)
    prompt = models.TextField()
    reply = models.TextField()
    at = models.DateTimeField(auto_now_add=True)


class LetterTemplate(models.Model):
    """Instructions for one kind of letter."""

    name = models.SlugField(unique=True)
    instructions = models.TextField()
