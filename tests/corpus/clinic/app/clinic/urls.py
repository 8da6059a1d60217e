"""Addresses of the portal."""

from django.urls import path

from assistant import views

urlpatterns = [
    path("triage/", views.TriageView.as_view()),
    path("letters/", views.LetterView.as_view()),
    path("letters/preview/", views.preview_letter),
    path("translate/", views.translate),
    path("templates/<slug:name>/", views.TemplateView.as_view()),
    path("status/", views.status),
]
