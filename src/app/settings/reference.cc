#include "app/settings/settings.h"

namespace handsel::settings {
namespace {

std::string row_of(const Setting& setting) {
  const std::string value = show(Settings{}, setting);
  return fmt::format("| `{}` | `{}` | `{}` | {} | {} | {} | {} |\n", setting.name, setting.flag,
                     environment_name(setting), kind_name(setting.kind), value.empty() ? "" : "`" + value + "`",
                     setting.kind == Kind::kBoolean ? "" : show_range(setting), setting.help);
}

constexpr std::string_view kIntroduction = R"(# Settings

Every setting has a default. Three places can change it, and a later one wins:

1. the settings file: `DIR/settings.toml` in the data folder, or the file named by `--config`;
2. the environment: `HANDSEL_` and the name in upper case, with `_` for the dot;
3. a flag of the command.

A name that does not exist and a value out of range are errors; the message says where it
stands and which name was probably meant. (An environment variable that names no setting is
only reported by `handsel doctor`.) `handsel doctor --data DIR` prints every setting, its value
and where it came from.

```toml
# DIR/settings.toml
[engine]
language = "en"
memory_max = "2G"

[http]
listen = "0.0.0.0:8080"
```

Bytes are written `4096`, `64K`, `256M`, `2G` (powers of 1024); durations `250ms`, `30s`, `5m`, `1h`.

<!-- The tables are made from src/app/settings/table.cc:
     UPDATE_GOLDEN=1 ctest -R settings writes this file. -->
)";

std::string table_of(Part part) {
  std::string text =
      "\n| Name | Flag | Environment | Type | Default | Range | What it does |\n|---|---|---|---|---|---|---|\n";
  for (const Setting& setting : table()) {
    if (setting.part == part) text += row_of(setting);
  }
  return text;
}

}  // namespace

std::string reference_markdown() {
  std::string text(kIntroduction);
  text += "\n## Engine: every command that opens a data folder\n";
  text += table_of(Part::kEngine);
  text += "\n## Training: `handsel train`\n";
  text += table_of(Part::kTrain);
  text += "\n## HTTP: `handsel serve`\n";
  text += table_of(Part::kHttp);
  return text;
}

}  // namespace handsel::settings
