from lstm_plugins.suggesting import similar_names, suggestion


def test_similar_names_keep_their_case_and_the_best_comes_first():
    assert similar_names("SALE", ["Sales", "salt", "Price"]) == ["Sales", "salt"]
    assert similar_names("sale", ["Sales", "salt"], 1) == ["Sales"]
    assert similar_names("", ["Sales"]) == []


def test_a_suggestion_is_a_question_or_what_is_said_otherwise():
    assert suggestion(["a"], "else.") == "did you mean a?"
    assert suggestion(["a", "b", "c"], "else.") == "did you mean a, b or c?"
    assert suggestion([], "else.") == "else."
