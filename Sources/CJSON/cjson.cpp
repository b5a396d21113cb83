// Boost.JSON is compiled in here (its header-only form), so that nothing is linked.
#include <boost/json/src.hpp>

#include <boost/json/basic_parser_impl.hpp>
#include <new>
#include <string>

#include "cjson.h"

namespace json = boost::json;

namespace {

struct Handler {
  static constexpr std::size_t max_object_size = std::size_t(-1);
  static constexpr std::size_t max_array_size = std::size_t(-1);
  static constexpr std::size_t max_key_size = std::size_t(-1);
  static constexpr std::size_t max_string_size = std::size_t(-1);

  cjson_events events;
  void *context;

  bool go(bool wanted, json::error_code &ec) {
    if (!wanted) ec = json::error::exception;  // any code: the caller is told "stopped"
    stopped = !wanted;
    return wanted;
  }
  bool stopped = false;

  bool on_document_begin(json::error_code &) { return true; }
  bool on_document_end(json::error_code &) { return true; }
  bool on_object_begin(json::error_code &ec) { return go(events.object_begin(context), ec); }
  bool on_object_end(std::size_t, json::error_code &ec) {
    return go(events.object_end(context), ec);
  }
  bool on_array_begin(json::error_code &ec) { return go(events.array_begin(context), ec); }
  bool on_array_end(std::size_t, json::error_code &ec) { return go(events.array_end(context), ec); }
  bool on_key_part(json::string_view s, std::size_t, json::error_code &ec) {
    return go(events.key(context, s.data(), s.size(), false), ec);
  }
  bool on_key(json::string_view s, std::size_t, json::error_code &ec) {
    return go(events.key(context, s.data(), s.size(), true), ec);
  }
  bool on_string_part(json::string_view s, std::size_t, json::error_code &ec) {
    return go(events.text(context, s.data(), s.size(), false), ec);
  }
  bool on_string(json::string_view s, std::size_t, json::error_code &ec) {
    return go(events.text(context, s.data(), s.size(), true), ec);
  }
  bool on_number_part(json::string_view, json::error_code &) { return true; }
  bool on_int64(std::int64_t value, json::string_view, json::error_code &ec) {
    return go(events.integer(context, value), ec);
  }
  bool on_uint64(std::uint64_t value, json::string_view, json::error_code &ec) {
    return go(events.real(context, static_cast<double>(value)), ec);
  }
  bool on_double(double value, json::string_view, json::error_code &ec) {
    return go(events.real(context, value), ec);
  }
  bool on_bool(bool value, json::error_code &ec) { return go(events.boolean(context, value), ec); }
  bool on_null(json::error_code &ec) { return go(events.null(context), ec); }
  bool on_comment_part(json::string_view, json::error_code &) { return true; }
  bool on_comment(json::string_view, json::error_code &) { return true; }
};

json::parse_options options(std::size_t max_depth) {
  json::parse_options result;
  result.max_depth = max_depth;
  return result;
}

const char *describe(json::error_code ec) {
  if (ec == json::error::too_deep) return "nested too deeply";
  if (ec == json::error::incomplete) return "it ends in the middle";
  if (ec == json::error::extra_data) return "something follows its end";
  if (ec == json::error::illegal_leading_surrogate ||
      ec == json::error::illegal_trailing_surrogate || ec == json::error::expected_utf16_escape)
    return "an escape that is half a character";
  return "a syntax error, or text that is not UTF-8";
}

}  // namespace

struct cjson_parser {
  json::basic_parser<Handler> parser;
  const char *problem = "";

  cjson_parser(const cjson_events &events, void *context, std::size_t max_depth)
      : parser(options(max_depth), Handler{events, context}) {}
};

cjson_parser *cjson_new(const cjson_events *events, void *context, size_t max_depth) {
  return new (std::nothrow) cjson_parser(*events, context, max_depth);
}

void cjson_free(cjson_parser *parser) { delete parser; }

void cjson_reset(cjson_parser *parser) { parser->parser.reset(); }

cjson_status cjson_write(cjson_parser *self, const char *bytes, size_t length, bool more,
                         size_t *consumed) {
  json::error_code ec;
  *consumed = 0;
  // The parser's own stack of suspended states grows on the heap, and no exception may leave here.
  try {
    *consumed = self->parser.write_some(more, bytes, length, ec);
  } catch (...) {
    self->problem = "no memory";
    return CJSON_INVALID;
  }
  if (ec.failed()) {
    if (self->parser.handler().stopped) return CJSON_STOPPED;
    self->problem = describe(ec);
    return CJSON_INVALID;
  }
  return self->parser.done() ? CJSON_DONE : CJSON_MORE;
}

const char *cjson_problem(const cjson_parser *parser) { return parser->problem; }
