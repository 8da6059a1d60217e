from library.llm.vendors import Hosted


def check_answers():
    prompt = "The quick brown fox jumps over the lazy dog and then it sleeps until noon."
    assert Hosted("key").client.chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": prompt}])
