"""measured.md: a page whose sections are written by programs.

A section stands between <!-- NAME --> and <!-- end of NAME -->; replace_section puts
new text there and leaves the rest of the page alone.
"""


def replace_section(path, name, text):
    begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    with open(path, encoding="utf-8") as page:
        old = page.read()
    if begin not in old or end not in old:
        raise SystemExit(f"{path} has no section '{name}': it needs the lines {begin} and {end}")
    head, tail = old.split(begin)[0], old.split(end)[1]
    with open(path, "w", encoding="utf-8") as page:
        page.write(head + begin + "\n" + text.strip() + "\n" + end + tail)
