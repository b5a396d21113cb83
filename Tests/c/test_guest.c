/* A good guest: no thread of its own, nothing on stdout and stderr, no locale, no handler changed,
 * no descriptor left. */
#include <dirent.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fixture.h"

static int entries_of(const char *path) {
  int count = 0;
  DIR *open = opendir(path);
  while (open != NULL && readdir(open) != NULL) count++;
  if (open != NULL) closedir(open);
  return count;
}

static void some_calls(void) {
  static const char *const guids[] = {"fine",           "error.404.4",      "body.deep",
                                      "cut.reset",      "html.502",         "bomb",
                                      "many-jobs.2000", "redirect.302.port"};
  cjobs_client_options options = plain_options();
  const char *guid = "tail.lines.100", *key = "k1";
  cjobs_tail *tail = NULL;
  options.max_response_bytes = 1 << 22;
  cjobs_client *client = open_client(&options);
  for (size_t at = 0; at < sizeof guids / sizeof guids[0]; at++) {
    cjobs_table *table = NULL;
    cjobs_jobs_list(client, guids[at], NULL, &table, NULL);
    cjobs_table_free(table);
  }
  cjobs_tail_open(client, &guid, &key, 1, NULL, NULL, &tail, NULL);
  cjobs_table *table = NULL;
  while (cjobs_tail_next(tail, 5000, &table, NULL) == CJOBS_OK) cjobs_table_free(table);
  cjobs_tail_close(tail);
  cjobs_client_close(client);
}

static void threads_and_descriptors(void) {
  some_calls();
  int threads = entries_of("/proc/self/task"), descriptors = entries_of("/proc/self/fd");
  for (int round = 0; round < 10; round++) some_calls();
  check_int(entries_of("/proc/self/task"), threads, "no thread is left");
  check_int(entries_of("/proc/self/fd"), descriptors, "no descriptor is left");
  check_int(threads, 3, "there is one thread, the host's (beside . and ..)");
}

static void no_output(void) {
  int out = dup(1), err = dup(2);
  char path[1024];
  struct stat info;
  snprintf(path, sizeof path, "%s/output", given("WORK"));
  fflush(stdout);
  check(freopen(path, "w", stdout) != NULL && dup2(1, 2) == 2, "output goes to a file");
  fflush(stdout);
  check(ftruncate(1, 0) == 0 && lseek(1, 0, SEEK_SET) == 0, "which is empty");
  fflush(stdout);
  check(ftruncate(1, 0) == 0 && lseek(1, 0, SEEK_SET) == 0, "which is empty");
  fflush(stdout);
  int64_t before = stat(path, &info) == 0 ? (int64_t)info.st_size : -1;
  some_calls();
  int64_t after = stat(path, &info) == 0 ? (int64_t)info.st_size : -2;
  dup2(out, 1);
  dup2(err, 2);
  close(out);
  close(err);
  check_int(after, before, "nothing is written to stdout or stderr");
}

/* Handlers and locale are the host's. */
static void signals_and_locale(void) {
  static const int numbers[] = {SIGPIPE, SIGINT, SIGTERM, SIGCHLD, SIGALRM, SIGUSR1, SIGHUP};
  struct sigaction action;
  const char *locale = setlocale(LC_ALL, NULL);
  char before[256];
  snprintf(before, sizeof before, "%s", locale == NULL ? "" : locale);
  some_calls();
  for (size_t at = 0; at < sizeof numbers / sizeof numbers[0]; at++) {
    sigaction(numbers[at], NULL, &action);
    check(action.sa_handler == SIG_DFL, "signal %d has its default", numbers[at]);
  }
  check_text(setlocale(LC_ALL, NULL), before, "the locale is as it was");
}

int main(void) {
  threads_and_descriptors();
  no_output();
  signals_and_locale();
  return finish_checks();
}
