/* A child uses the clients that it inherited; a tail that it inherited answers FORKED; and neither
 * disturbs the parent, also when the fork falls into the calls of other threads. */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fixture.h"
#include "hooking.h"

static cjobs_client *client;
static cjobs_error *error;

/* Runs the child's part; its answer, or -1 where it hung or died. */
static int in_a_child(int (*part)(void *), void *data) {
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    alarm(15);
    _exit(part(data));
  }
  int status = 0;
  waitpid(child, &status, 0);
  if (WIFSIGNALED(status)) printf("  the child ended by signal %d\n", WTERMSIG(status));
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int use_the_client(void *data) {
  cjobs_table *table = NULL;
  const char *key = "k1";
  (void)data;
  for (int round = 0; round < 3; round++) {
    if (cjobs_jobs_list(client, "fine", NULL, &table, NULL) != CJOBS_OK) return 1;
    if (cjobs_table_rows(table) != 2) return 2;
    cjobs_table_free(table);
  }
  if (cjobs_jobs_list(client, "error.404.4", NULL, &table, NULL) != CJOBS_E_NOT_FOUND) return 3;
  if (cjobs_job_kill(client, "kill", &key, 1, 0, NULL, &table, NULL) != CJOBS_OK) return 4;
  cjobs_table_free(table);
  cjobs_client_close(client);
  return 0;
}

static void a_client(void) {
  cjobs_table_free(list_works(client, "fine", "the parent first"));
  check_int(in_a_child(use_the_client, NULL), 0, "a child uses the parent's client, and closes it");
  const char *guid = marked("fine");
  for (int round = 0; round < 3; round++)
    cjobs_table_free(list_works(client, guid, "the parent goes on"));
  check_int(count_requests(guid, "GET"), 3, "the parent's connections are its own");
}

static int use_a_grandchild(void *data) {
  (void)data;
  cjobs_table *table = NULL;
  if (cjobs_jobs_list(client, "fine", NULL, &table, NULL) != CJOBS_OK) return 1;
  return in_a_child(use_the_client, NULL);
}

static int close_what_was_inherited(void *data) {
  cjobs_tail *tail = data;
  cjobs_table *table = NULL;
  if (cjobs_tail_next(tail, 0, &table, NULL) != CJOBS_E_FORKED) return 1;
  if (cjobs_tail_summary(tail, &table, NULL) != CJOBS_E_FORKED) return 2;
  if (cjobs_tail_fd(tail) != -1) return 3;
  cjobs_tail_close(tail);
  cjobs_client_close(client);
  return 0;
}

static void a_tail(void) {
  const char *guid = "tail.slowly.60.2", *key = "k1";
  cjobs_tail *tail = NULL;
  cjobs_table *table = NULL;
  int64_t rows = 0;
  check_ok(cjobs_tail_open(client, &guid, &key, 1, NULL, NULL, &tail, &error), &error, "a tail");
  check_ok(cjobs_tail_next(tail, 5000, &table, &error), &error, "its first entries");
  rows += cjobs_table_rows(table);
  cjobs_table_free(table);
  check_int(in_a_child(close_what_was_inherited, tail), 0, "a child's tail answers FORKED");
  cjobs_status got;
  while ((got = cjobs_tail_next(tail, 5000, &table, &error)) == CJOBS_OK) {
    rows += cjobs_table_rows(table);
    cjobs_table_free(table);
  }
  check_int(got, CJOBS_DONE, "the parent's tail goes on to its end");
  check_int(rows, 60, "without losing an entry");
  cjobs_tail_close(tail);
}

static int read_the_table(void *data) {
  int64_t rows = cjobs_table_rows(data);
  cjobs_table_free(data);
  return rows == 2 ? 0 : 1;
}

/* A token of the parent's that a child signals. */
static int signal_the_token(void *data) {
  cjobs_cancel_signal(data);
  return 0;
}

static void tables_and_tokens(void) {
  cjobs_table *table = list_works(client, "fine", "a table");
  check_int(in_a_child(read_the_table, table), 0, "a child reads and frees an inherited table");
  check_int(cjobs_table_rows(table), 2, "the parent's is as it was");
  cjobs_table_free(table);
  cjobs_cancel *token = NULL;
  cjobs_call_options call = CJOBS_CALL_OPTIONS_INIT;
  cjobs_cancel_new(&token, NULL);
  call.cancel = token;
  in_a_child(signal_the_token, token);
  check_ok(cjobs_jobs_list(client, "slow.100", &call, &table, &error), &error,
           "a token that a child signals is the child's");
  cjobs_table_free(table);
  cjobs_cancel_free(token);
}

static atomic_int stop, wrong, calls_made;

static void *call_all_the_time(void *data) {
  (void)data;
  while (!atomic_load(&stop)) {
    cjobs_table *table = NULL;
    if (cjobs_jobs_list(client, "fine", NULL, &table, NULL) != CJOBS_OK)
      atomic_fetch_add(&wrong, 1);
    cjobs_table_free(table);
    atomic_fetch_add(&calls_made, 1);
  }
  return NULL;
}

static void while_threads_call(void) {
  pthread_t threads[8];
  int good = 0;
  for (int at = 0; at < 8; at++) pthread_create(&threads[at], NULL, call_all_the_time, NULL);
  sleep_ms(50);
  for (int round = 0; round < 40; round++) good += in_a_child(use_the_client, NULL) == 0;
  atomic_store(&stop, 1);
  for (int at = 0; at < 8; at++) pthread_join(threads[at], NULL);
  check_int(good, 40, "40 forks while eight threads call: every child works");
  check_int(wrong, 0, "and none of the parent's %d calls is disturbed", atomic_load(&calls_made));
}

/* The first client of a process may be a child's. */
static int open_the_first(void *data) {
  (void)data;
  cjobs_client *first = open_client(NULL);
  cjobs_table *table = NULL;
  cjobs_status got = cjobs_jobs_list(first, "fine", NULL, &table, NULL);
  cjobs_client_close(first);
  return got == CJOBS_OK ? 0 : 1;
}

static int read_through_hooks(void *hooks) {
  const char *lines = log_through(client, "fine", hooks, CJOBS_OK);
  return strcmp(lines, "line 0|line 1") == 0 && hook_figure(hooks, 0, "drops") == 1 ? 0 : 1;
}

static void hooks_in_a_child(void) {
  cjobs_hooks *hooks = open_hooks();
  bind_hook(hooks, CJOBS_EVENT_ENTRY, "verdict plugin_drop_errors(source)", NULL);
  check_int(in_a_child(read_through_hooks, hooks), 0, "a child reads through inherited hooks");
  check_int(read_through_hooks(hooks), 0, "and so does its parent, which counts its own");
  cjobs_hooks_close(hooks);
}

int main(void) {
  check_int(in_a_child(open_the_first, NULL), 0, "a child opens the first client");
  cjobs_client_options options = plain_options();
  options.log = NULL;
  client = open_client(&options);
  check_int(in_a_child(use_the_client, NULL), 0, "a client that the parent never used");
  a_client();
  check_int(in_a_child(use_a_grandchild, NULL), 0, "a grandchild");
  a_tail();
  tables_and_tokens();
  hooks_in_a_child();
  while_threads_call();
  check_usable(client, "all those children");
  cjobs_client_close(client);
  return finish_checks();
}
