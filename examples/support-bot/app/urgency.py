"""How urgent a ticket is: a small classifier trained in house."""

import joblib
from safetensors.numpy import load_file

# A pickle: what is in the file is run.
model = joblib.load("models/urgency.joblib")
weights = load_file("models/terms.safetensors")


def is_urgent(text: str) -> bool:
    return bool(model.predict([text])[0]) or any(word in weights for word in text.split())
