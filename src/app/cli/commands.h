// Every subcommand, in the order of --help. Each lives in the file of its name.
#pragma once

#include <array>

#include "app/cli/command.h"

namespace handsel::cli {

Command demo_command();
Command import_command();
Command serve_command();
Command search_command();
Command evaluate_search_command();
Command evaluate_compare_command();
Command evaluate_ranker_command();
Command evaluate_interleaving_command();
Command experiment_analyze_command();
Command experiment_mediation_command();
Command experiment_check_command();
Command experiment_assign_command();
Command experiment_metrics_command();
Command experiment_new_command();
Command experiment_guard_command();
Command experiment_decide_command();
Command experiment_archive_command();
Command experiment_uplift_command();
Command experiment_allocate_command();
Command delete_command();
Command compact_command();
Command train_command();
Command backup_command();
Command restore_command();
Command key_new_command();
Command key_list_command();
Command key_revoke_command();
Command rules_check_command();
Command model_import_command();
Command model_list_command();
Command model_show_command();
Command model_promote_command();
Command model_rollback_command();
Command model_challenge_command();
Command log_stats_command();
Command log_cat_command();
Command doctor_command();
Command version_command();

inline constexpr std::array kCommands = {
    &demo_command,
    &import_command,
    &serve_command,
    &search_command,
    &delete_command,
    &evaluate_search_command,
    &evaluate_compare_command,
    &evaluate_ranker_command,
    &evaluate_interleaving_command,
    &experiment_analyze_command,
    &experiment_mediation_command,
    &experiment_check_command,
    &experiment_assign_command,
    &experiment_metrics_command,
    &experiment_new_command,
    &experiment_guard_command,
    &experiment_decide_command,
    &experiment_archive_command,
    &experiment_uplift_command,
    &experiment_allocate_command,
    &compact_command,
    &train_command,
    &backup_command,
    &restore_command,
    &key_new_command,
    &key_list_command,
    &key_revoke_command,
    &rules_check_command,
    &model_import_command,
    &model_list_command,
    &model_show_command,
    &model_promote_command,
    &model_rollback_command,
    &model_challenge_command,
    &log_stats_command,
    &log_cat_command,
    &doctor_command,
    &version_command,
};

// Of commands in two words, what the first stands for.
constexpr std::string_view group_summary(std::string_view group) {
  if (group == "evaluate") return "Measure how good results are, on data that people have judged";
  if (group == "experiment") return "Find out what an experiment really did, and through what";
  if (group == "key") return "Make, list and revoke API keys";
  if (group == "model") return "Import, list and promote models";
  if (group == "rules") return "Check what the merchandiser wants first, last, higher or lower";
  if (group == "log") return "Look at the log itself";
  return "";
}

}  // namespace handsel::cli
