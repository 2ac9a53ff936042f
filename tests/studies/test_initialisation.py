"""The initialisation study, small."""

import lamella


def test_a_short_study_tells_which_signals_live(tmp_path):
    result = lamella.studies.initialisation(
        out=tmp_path, depth=4, width=100, samples=200, train_width=16, epochs=2, progress=False
    )
    signals = result["signals"]
    assert signals["tanh, small_normal"]["activation_std"][-1] < 0.001
    assert signals["tanh, xavier"]["activation_std"][-1] > 0.3
    assert not any(signals["tanh, zero"]["activation_std"])
    assert signals["tanh, small_normal, batch norm"]["activation_std"][-1] > 0.5
    assert result["nets"]["tanh, zero"]["test_accuracy"] < 0.2
    assert result["nets"]["tanh, xavier"]["test_accuracy"] > 0.2
    page = (tmp_path / "report.html").read_text()
    assert "Before the first step" in page
    assert "While training" in page
