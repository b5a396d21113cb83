/*
 * libcurl, found at run time. One table of its functions, filled by dlopen and dlsym, and typed
 * forms of its variadic setters, which Swift cannot call. No logic.
 */
#ifndef CCURL_H
#define CCURL_H

/* The checking macros of gcc would hide the plain functions' types. */
#define CURL_DISABLE_TYPECHECK 1
#include <curl/curl.h>

/* The functions that are used, by their name without "curl_". */
#define CCURL_FUNCTIONS(X) \
  X(global_init)           \
  X(version_info)          \
  X(easy_init)             \
  X(easy_cleanup)          \
  X(easy_setopt)           \
  X(easy_getinfo)          \
  X(easy_strerror)         \
  X(easy_pause)            \
  X(multi_init)            \
  X(multi_cleanup)         \
  X(multi_setopt)          \
  X(multi_add_handle)      \
  X(multi_remove_handle)   \
  X(multi_socket_action)   \
  X(multi_assign)          \
  X(multi_info_read)       \
  X(share_init)            \
  X(share_setopt)          \
  X(share_cleanup)         \
  X(slist_append)          \
  X(slist_free_all)

#define CCURL_MEMBER(name) __typeof__(curl_##name) *name;
typedef struct ccurl_api {
  CCURL_FUNCTIONS(CCURL_MEMBER)
} ccurl_api;
#undef CCURL_MEMBER

/* Opens libcurl.so.4, once a process, and starts it. NULL where that fails; *problem then says why
 * (static text). From any thread. */
const ccurl_api *ccurl_load(const char **problem);

CURLcode ccurl_set_long(const ccurl_api *api, CURL *easy, CURLoption option, long value);
CURLcode ccurl_set_offset(const ccurl_api *api, CURL *easy, CURLoption option, curl_off_t value);
CURLcode ccurl_set_pointer(const ccurl_api *api, CURL *easy, CURLoption option, const void *value);
CURLcode ccurl_set_receiver(const ccurl_api *api, CURL *easy, CURLoption option,
                            size_t (*receive)(char *, size_t, size_t, void *));
CURLcode ccurl_get_long(const ccurl_api *api, CURL *easy, CURLINFO info, long *value);
CURLcode ccurl_get_offset(const ccurl_api *api, CURL *easy, CURLINFO info, curl_off_t *value);
CURLcode ccurl_get_pointer(const ccurl_api *api, CURL *easy, CURLINFO info, void **value);

CURLMcode ccurl_multi_set_long(const ccurl_api *api, CURLM *multi, CURLMoption option, long value);
CURLMcode ccurl_multi_set_callbacks(const ccurl_api *api, CURLM *multi,
                                    curl_socket_callback on_socket,
                                    curl_multi_timer_callback on_timer, void *context);

CURLSHcode ccurl_share_set_long(const ccurl_api *api, CURLSH *share, CURLSHoption option,
                                long value);
CURLSHcode ccurl_share_set_locks(const ccurl_api *api, CURLSH *share, curl_lock_function lock,
                                 curl_unlock_function unlock, void *context);

/* What a CURLMSG_DONE message carries (a union in C). */
CURLcode ccurl_message_result(const CURLMsg *message);

#endif /* CCURL_H */
