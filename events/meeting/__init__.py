"""会议: 调度会、联席会议 with who was there and what was decided; decisions become matters."""
