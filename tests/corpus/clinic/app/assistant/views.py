"""What patients and staff ask of the model."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_POST
from django_ratelimit.decorators import ratelimit
from rest_framework.permissions import IsAdminUser, IsAuthenticated
from rest_framework.response import Response
from rest_framework.throttling import UserRateThrottle
from rest_framework.views import APIView

from assistant.claude import ask, ask_quickly
from assistant.models import LetterTemplate
from assistant.prompts import load_prompt


class TriageView(APIView):
    """How urgent a complaint is."""

    permission_classes = [IsAuthenticated]
    throttle_classes = [UserRateThrottle]

    def post(self, request):
        reply = ask(request.user, load_prompt("triage"), request.data["complaint"])
        return Response({"urgency": reply})


class LetterView(APIView):
    """A letter to another doctor."""

    permission_classes = [IsAuthenticated]

    def post(self, request):
        template = LetterTemplate.objects.get(name=request.data["template"])
        text = f"{template.instructions}\n\nWrite the letter for these findings and sign it: {request.data['findings']}"
        return Response({"letter": ask(request.user, load_prompt("letter"), text)})


@login_required
@ratelimit(key="user", rate="10/m", block=True)
@require_POST
def preview_letter(request):
    letter = ask(request.user, load_prompt("letter"), request.POST["findings"])
    if request.POST.get("plain"):
        return HttpResponse(escape(letter))
    return HttpResponse(mark_safe(letter))


@require_POST
def translate(request):
    return JsonResponse({"text": ask_quickly("Translate this letter of a patient into plain English: " + request.POST["text"])})


class TemplateView(APIView):
    """Instructions for letters: everybody reads, administrators write."""

    permission_classes = [IsAuthenticated]

    def get_permissions(self):
        if self.request.method == "PUT":
            return [IsAdminUser()]
        return super().get_permissions()

    def get(self, request, name):
        return Response({"instructions": LetterTemplate.objects.get(name=name).instructions})

    def put(self, request, name):
        LetterTemplate.objects.filter(name=name).update(instructions=request.data["instructions"])
        return Response(status=204)


def status(request):
    return JsonResponse({"ok": True})
