#include "ccurl.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>

static ccurl_api api;
static char problem_text[512];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void) {
  void *library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) {
    snprintf(problem_text, sizeof problem_text, "%s", dlerror());
    return;
  }
#define CCURL_FIND(name)                                                                     \
  *(void **)&api.name = dlsym(library, "curl_" #name);                                       \
  if (api.name == NULL) {                                                                    \
    snprintf(problem_text, sizeof problem_text, "libcurl.so.4 has no function curl_" #name); \
    return;                                                                                  \
  }
  CCURL_FUNCTIONS(CCURL_FIND)
#undef CCURL_FIND
  CURLcode code = api.global_init(CURL_GLOBAL_DEFAULT);
  if (code != CURLE_OK)
    snprintf(problem_text, sizeof problem_text, "libcurl does not start: %s",
             api.easy_strerror(code));
}

const ccurl_api *ccurl_load(const char **problem) {
  pthread_once(&once, load);
  *problem = problem_text;
  return problem_text[0] == '\0' ? &api : NULL;
}

CURLcode ccurl_set_long(const ccurl_api *a, CURL *easy, CURLoption option, long value) {
  return a->easy_setopt(easy, option, value);
}

CURLcode ccurl_set_offset(const ccurl_api *a, CURL *easy, CURLoption option, curl_off_t value) {
  return a->easy_setopt(easy, option, value);
}

CURLcode ccurl_set_pointer(const ccurl_api *a, CURL *easy, CURLoption option, const void *value) {
  return a->easy_setopt(easy, option, value);
}

CURLcode ccurl_set_receiver(const ccurl_api *a, CURL *easy, CURLoption option,
                            size_t (*receive)(char *, size_t, size_t, void *)) {
  return a->easy_setopt(easy, option, receive);
}

CURLcode ccurl_get_long(const ccurl_api *a, CURL *easy, CURLINFO info, long *value) {
  return a->easy_getinfo(easy, info, value);
}

CURLcode ccurl_get_offset(const ccurl_api *a, CURL *easy, CURLINFO info, curl_off_t *value) {
  return a->easy_getinfo(easy, info, value);
}

CURLcode ccurl_get_pointer(const ccurl_api *a, CURL *easy, CURLINFO info, void **value) {
  return a->easy_getinfo(easy, info, value);
}

CURLMcode ccurl_multi_set_long(const ccurl_api *a, CURLM *multi, CURLMoption option, long value) {
  return a->multi_setopt(multi, option, value);
}

CURLMcode ccurl_multi_set_callbacks(const ccurl_api *a, CURLM *multi,
                                    curl_socket_callback on_socket,
                                    curl_multi_timer_callback on_timer, void *context) {
  CURLMcode code = a->multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, on_socket);
  if (code == CURLM_OK) code = a->multi_setopt(multi, CURLMOPT_SOCKETDATA, context);
  if (code == CURLM_OK) code = a->multi_setopt(multi, CURLMOPT_TIMERFUNCTION, on_timer);
  if (code == CURLM_OK) code = a->multi_setopt(multi, CURLMOPT_TIMERDATA, context);
  return code;
}

CURLSHcode ccurl_share_set_long(const ccurl_api *a, CURLSH *share, CURLSHoption option,
                                long value) {
  return a->share_setopt(share, option, value);
}

CURLSHcode ccurl_share_set_locks(const ccurl_api *a, CURLSH *share, curl_lock_function lock,
                                 curl_unlock_function unlock, void *context) {
  CURLSHcode code = a->share_setopt(share, CURLSHOPT_LOCKFUNC, lock);
  if (code == CURLSHE_OK) code = a->share_setopt(share, CURLSHOPT_UNLOCKFUNC, unlock);
  if (code == CURLSHE_OK) code = a->share_setopt(share, CURLSHOPT_USERDATA, context);
  return code;
}

CURLcode ccurl_message_result(const CURLMsg *message) { return message->data.result; }
