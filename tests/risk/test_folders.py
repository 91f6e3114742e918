"""A new folder appears whole or not at all, and never takes the place of anybody's."""

import pytest

from risk.data.reading import DataError
from risk.folders import new_folder


def test_a_new_folder_is_whole_or_not_there(tmp_path):
    with new_folder(tmp_path / "a") as folder:
        (folder / "x").write_text("1")
        assert not (tmp_path / "a").exists()
    assert [p.name for p in tmp_path.iterdir()] == ["a"]
    with pytest.raises(RuntimeError), new_folder(tmp_path / "b") as folder:
        (folder / "x").write_text("1")
        raise RuntimeError
    assert [p.name for p in tmp_path.iterdir()] == ["a"]


def test_what_is_there_stays_also_if_it_came_meanwhile(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "mine").write_text("1")
    with pytest.raises(DataError, match="exists"), new_folder(tmp_path / "a"):
        pass
    with pytest.raises(DataError, match="exists"), new_folder(tmp_path / "b") as folder:
        (folder / "x").write_text("1")
        (tmp_path / "b").mkdir()
        (tmp_path / "b" / "mine").write_text("1")
    assert (tmp_path / "b" / "mine").read_text() == "1"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a", "b"]
