/* An audit in SQLite: kills, ended jobs and lines, a transaction per batch. The database is the
 * file that AUDIT_DATABASE names. What cannot be written is a failure, which ends the call
 * (audit.json). */
#include <connectjobs.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

int32_t audit_kills(const cjobs_table *batch, uint8_t *verdicts, void *context);
int32_t audit_ends(const cjobs_table *batch, uint8_t *verdicts, void *context);
int32_t audit_lines(const cjobs_table *batch, uint8_t *verdicts, void *context);

static const char schema[] =
    "CREATE TABLE IF NOT EXISTS kills (at TEXT DEFAULT CURRENT_TIMESTAMP, content_guid TEXT,"
    " job_key TEXT, result TEXT, error TEXT);"
    "CREATE TABLE IF NOT EXISTS ends (at TEXT DEFAULT CURRENT_TIMESTAMP, content_guid TEXT,"
    " job_key TEXT, status INTEGER, exit_code INTEGER);"
    "CREATE TABLE IF NOT EXISTS lines (content_guid TEXT, job_key TEXT, source TEXT,"
    " timestamp INTEGER, data TEXT);";

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static sqlite3 *database;

static int open_database(void) {
  const char *path = getenv("AUDIT_DATABASE");
  if (database != NULL) return SQLITE_OK;
  if (path == NULL || path[0] == '\0') return SQLITE_CANTOPEN;
  int status = sqlite3_open(path, &database);
  if (status == SQLITE_OK) status = sqlite3_busy_timeout(database, 5000);
  if (status == SQLITE_OK) status = sqlite3_exec(database, schema, NULL, NULL, NULL);
  if (status != SQLITE_OK) {
    sqlite3_close(database);
    database = NULL;
  }
  return status;
}

/* When the plugin is unloaded. */
__attribute__((destructor)) static void close_database(void) { sqlite3_close(database); }

/* Binds one cell of a table to a parameter. */
static int bind_cell(sqlite3_stmt *insert, int parameter, const cjobs_table *batch, int64_t column,
                     int64_t row) {
  const char *text = NULL;
  int64_t number = 0;
  int32_t is_null = 1;
  if (column < 0) return SQLITE_MISMATCH;
  cjobs_table_null(batch, column, row, &is_null, NULL);
  if (is_null) return sqlite3_bind_null(insert, parameter);
  switch (cjobs_table_type(batch, column)) {
    case CJOBS_TYPE_TEXT:
    case CJOBS_TYPE_DICTIONARY:
      cjobs_table_text(batch, column, row, &text, &number, NULL);
      return sqlite3_bind_text(insert, parameter, text, (int)number, SQLITE_TRANSIENT);
    case CJOBS_TYPE_TIMESTAMP:
      cjobs_table_time(batch, column, row, &number, NULL, NULL);
      return sqlite3_bind_int64(insert, parameter, number);
    default:
      cjobs_table_int(batch, column, row, &number, NULL, NULL);
      return sqlite3_bind_int64(insert, parameter, number);
  }
}

static int insert_rows(const cjobs_table *batch, sqlite3_stmt *insert, const char *const *columns) {
  int64_t places[8];
  int count = 0;
  for (; columns[count] != NULL; count++) places[count] = cjobs_table_index(batch, columns[count]);
  for (int64_t row = 0; row < cjobs_table_rows(batch); row++) {
    for (int at = 0; at < count; at++) {
      int status = bind_cell(insert, at + 1, batch, places[at], row);
      if (status != SQLITE_OK) return status;
    }
    int status = sqlite3_step(insert);
    if (status != SQLITE_DONE) return status;
    sqlite3_reset(insert);
  }
  return SQLITE_OK;
}

/* All rows of a batch, or none. */
static int32_t write_batch(const cjobs_table *batch, const char *sql, const char *const *columns) {
  sqlite3_stmt *insert = NULL;
  pthread_mutex_lock(&mutex);
  int status = open_database();
  if (status == SQLITE_OK) status = sqlite3_exec(database, "BEGIN IMMEDIATE", NULL, NULL, NULL);
  if (status == SQLITE_OK) {
    status = sqlite3_prepare_v2(database, sql, -1, &insert, NULL);
    if (status == SQLITE_OK) status = insert_rows(batch, insert, columns);
    sqlite3_finalize(insert);
    if (status == SQLITE_OK) status = sqlite3_exec(database, "COMMIT", NULL, NULL, NULL);
    if (status != SQLITE_OK) sqlite3_exec(database, "ROLLBACK", NULL, NULL, NULL);
  }
  pthread_mutex_unlock(&mutex);
  return status;
}

int32_t audit_kills(const cjobs_table *batch, uint8_t *verdicts, void *context) {
  static const char *const columns[] = {"content_guid", "job_key", "result", "error", NULL};
  (void)verdicts, (void)context;
  return write_batch(batch,
                     "INSERT INTO kills (content_guid, job_key, result, error) VALUES (?, ?, ?, ?)",
                     columns);
}

int32_t audit_ends(const cjobs_table *batch, uint8_t *verdicts, void *context) {
  static const char *const columns[] = {"content_guid", "job_key", "status", "exit_code", NULL};
  (void)verdicts, (void)context;
  return write_batch(
      batch, "INSERT INTO ends (content_guid, job_key, status, exit_code) VALUES (?, ?, ?, ?)",
      columns);
}

int32_t audit_lines(const cjobs_table *batch, uint8_t *verdicts, void *context) {
  static const char *const columns[] = {"content_guid", "job_key", "source",
                                        "timestamp",    "data",    NULL};
  (void)verdicts, (void)context;
  return write_batch(batch, "INSERT INTO lines VALUES (?, ?, ?, ?, ?)", columns);
}
