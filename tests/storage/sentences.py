"""What a refusal must say."""

CHINESE = range(0x4E00, 0x9FFF)


def assert_chinese(sentence: str) -> None:
    """A Chinese sentence that says to try again."""
    assert any(ord(sign) in CHINESE for sign in sentence)
    assert "请稍后重试" in sentence
