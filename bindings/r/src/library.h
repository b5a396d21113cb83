/* The functions of libconnectjobs, found at run time. */
#ifndef CJ_LIBRARY_H
#define CJ_LIBRARY_H

#include "connectjobs.h"

/* Each function that this package calls, without its prefix. Its type is taken from the header,
 * so that the table cannot differ from it. */
#define CJ_FUNCTIONS(F)  \
  F(version)             \
  F(abi_version)         \
  F(status_name)         \
  F(error_status)        \
  F(error_http_status)   \
  F(error_api_code)      \
  F(error_operation)     \
  F(error_url)           \
  F(error_retryable)     \
  F(error_message)       \
  F(error_free)          \
  F(client_open)         \
  F(client_close)        \
  F(client_server)       \
  F(table_rows)          \
  F(table_columns)       \
  F(table_name)          \
  F(table_column)        \
  F(table_free)          \
  F(content_list)        \
  F(jobs_list)           \
  F(jobs_list_many)      \
  F(job_get)             \
  F(job_log)             \
  F(job_download_file)   \
  F(job_error)           \
  F(job_kill)            \
  F(job_kill_active)     \
  F(job_wait)            \
  F(tail_open)           \
  F(tail_next)           \
  F(tail_summary)        \
  F(tail_close)          \
  F(hooks_open)          \
  F(hooks_bind)          \
  F(hooks_bind_batch)    \
  F(hooks_unbind)        \
  F(hooks_load_manifest) \
  F(hooks_stats)         \
  F(hooks_close)

struct cj_api {
#define CJ_MEMBER(name) __typeof__(&cjobs_##name) name;
  CJ_FUNCTIONS(CJ_MEMBER)
#undef CJ_MEMBER
};

/* Filled by r_load. A client or a tail exists only after that, so whoever holds one may call. */
extern struct cj_api cj_api;

#endif
