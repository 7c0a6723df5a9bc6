"""督办事项: the life of one matter from 立项 to 销号 and 回头看."""
