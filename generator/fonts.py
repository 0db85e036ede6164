"""Which of the fonts a paper names are absent on this machine.

The paper keeps the official names with their w:altName; where none is installed, Word shows another face.
"""

from __future__ import annotations

import shutil
import subprocess

NAMED = {
    "方正小标宋简体": ("方正小标宋简体", "FZXiaoBiaoSong-B05S"),
    "仿宋_GB2312": ("仿宋_GB2312", "FangSong_GB2312", "FangSong"),
    "楷体_GB2312": ("楷体_GB2312", "KaiTi_GB2312", "KaiTi"),
    "黑体": ("黑体", "SimHei"),
    "宋体": ("宋体", "SimSun"),
}
_SECONDS = 2


def missing_fonts() -> tuple[str, ...] | None:
    """The official fonts not installed; None where this machine has no fc-list to ask."""
    program = shutil.which("fc-list")
    if program is None:
        return None
    try:
        listed = subprocess.run(
            [program, "-f", "%{family},"], capture_output=True, timeout=_SECONDS, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    families = set(listed.stdout.decode("utf-8", "replace").split(","))
    return tuple(name for name, known in NAMED.items() if families.isdisjoint(known))


def font_note() -> str | None:
    """One sentence for the user; None when nothing is missing or nothing can be said."""
    missing = missing_fonts()
    if not missing:
        return None
    return f"本机没有文件指定的字体：{'、'.join(missing)}；在本机查看时以其他字体代替，文件中的字体名不变。"
