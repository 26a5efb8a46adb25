//! The functions of `pg_catalog` that may be called (<https://www.postgresql.org/docs/current/functions.html>).
//!
//! Each is known to read nothing but its arguments (and the clock or the random generator), to change nothing, and
//! to run no SQL. A name stands for all overloads of PostgreSQL 14 and later; names that a server does not know yet
//! are refused by the server.

use std::{collections::HashMap, sync::LazyLock};

/// How a function may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Scalar,
    Aggregate,
    /// Only with `OVER`.
    Window,
    /// Gives rows: refused unless the policy names it.
    SetReturning,
}

/// The functions that are allowed, by name.
pub fn allowed_functions() -> impl Iterator<Item = (&'static str, Kind)> {
    GROUPS.iter().flat_map(|group| group.names.iter().map(|&name| (name, group.kind)))
}

pub(crate) fn kind_of(name: &str) -> Option<Kind> {
    static KINDS: LazyLock<HashMap<&str, Kind>> = LazyLock::new(|| allowed_functions().collect());
    KINDS.get(name).copied()
}

struct Group {
    kind: Kind,
    names: &'static [&'static str],
}

#[rustfmt::skip]
const GROUPS: &[Group] = &[
    // arrays
    Group { kind: Kind::Scalar, names: &[
        "array_append", "array_cat", "array_dims", "array_length", "array_lower", "array_ndims",
        "array_position", "array_positions", "array_prepend", "array_remove", "array_replace", "array_reverse",
        "array_sample", "array_shuffle", "array_sort", "array_upper", "cardinality", "trim_array",
    ] },
    // bits and bytes
    Group { kind: Kind::Scalar, names: &[
        "bit_count", "get_bit", "get_byte",
    ] },
    // counting nulls
    Group { kind: Kind::Scalar, names: &[
        "num_nonnulls", "num_nulls",
    ] },
    // dates and times
    Group { kind: Kind::Scalar, names: &[
        "age", "clock_timestamp", "date", "date_add", "date_bin", "date_part", "date_subtract", "date_trunc",
        "extract", "isfinite", "justify_days", "justify_hours", "justify_interval", "make_date",
        "make_interval", "make_time", "make_timestamp", "make_timestamptz", "now", "overlaps",
        "statement_timestamp", "timezone", "to_char", "to_date", "to_number", "to_timestamp",
        "transaction_timestamp",
    ] },
    // json
    Group { kind: Kind::Scalar, names: &[
        "array_to_json", "json_array_length", "json_build_array", "json_build_object", "json_extract_path",
        "json_extract_path_text", "json_object", "json_strip_nulls", "json_typeof", "row_to_json", "to_json",
    ] },
    // jsonb
    Group { kind: Kind::Scalar, names: &[
        "jsonb_array_length", "jsonb_build_array", "jsonb_build_object", "jsonb_extract_path",
        "jsonb_extract_path_text", "jsonb_insert", "jsonb_object", "jsonb_path_exists", "jsonb_path_exists_tz",
        "jsonb_path_match", "jsonb_path_match_tz", "jsonb_path_query_array", "jsonb_path_query_array_tz",
        "jsonb_path_query_first", "jsonb_path_query_first_tz", "jsonb_pretty", "jsonb_set", "jsonb_set_lax",
        "jsonb_strip_nulls", "jsonb_typeof", "to_jsonb",
    ] },
    // mathematics
    Group { kind: Kind::Scalar, names: &[
        "abs", "acos", "acosd", "acosh", "asin", "asind", "asinh", "atan", "atan2", "atan2d", "atand", "atanh",
        "cbrt", "ceil", "ceiling", "cos", "cosd", "cosh", "cot", "cotd", "degrees", "div", "erf", "erfc", "exp",
        "floor", "gamma", "gcd", "lcm", "lgamma", "ln", "log", "log10", "mod", "pi", "pow", "power", "radians",
        "random", "random_normal", "round", "sign", "sin", "sind", "sinh", "sqrt", "tan", "tand", "tanh",
        "trunc", "width_bucket",
    ] },
    // network addresses
    Group { kind: Kind::Scalar, names: &[
        "abbrev", "broadcast", "family", "host", "hostmask", "inet_merge", "inet_same_family", "masklen",
        "netmask", "network", "set_masklen",
    ] },
    // digits of numeric
    Group { kind: Kind::Scalar, names: &[
        "min_scale", "scale", "trim_scale",
    ] },
    // ranges
    Group { kind: Kind::Scalar, names: &[
        "datemultirange", "daterange", "int4multirange", "int4range", "int8multirange", "int8range", "isempty",
        "lower_inc", "lower_inf", "multirange", "nummultirange", "numrange", "range_merge", "tsmultirange",
        "tsrange", "tstzmultirange", "tstzrange", "upper_inc", "upper_inf",
    ] },
    // text and bytes
    Group { kind: Kind::Scalar, names: &[
        "array_to_string", "ascii", "bit_length", "btrim", "casefold", "char_length", "character_length", "chr",
        "concat", "concat_ws", "convert_from", "convert_to", "decode", "encode", "initcap", "left", "length",
        "lower", "lpad", "ltrim", "md5", "octet_length", "overlay", "position", "quote_ident", "quote_literal",
        "quote_nullable", "regexp_count", "regexp_instr", "regexp_like", "regexp_match", "regexp_replace",
        "regexp_split_to_array", "regexp_substr", "replace", "reverse", "right", "rpad", "rtrim", "split_part",
        "starts_with", "string_to_array", "strpos", "substr", "substring", "to_bin", "to_hex", "to_oct",
        "translate", "unicode_assigned", "upper",
    ] },
    // text search
    Group { kind: Kind::Scalar, names: &[
        "array_to_tsvector", "numnode", "phraseto_tsquery", "plainto_tsquery", "querytree", "setweight",
        "strip", "to_tsquery", "to_tsvector", "ts_delete", "ts_filter", "ts_headline", "ts_rank", "ts_rank_cd",
        "tsquery_phrase", "tsvector_to_array", "websearch_to_tsquery",
    ] },
    // identifiers and digests
    Group { kind: Kind::Scalar, names: &[
        "crc32", "crc32c", "gen_random_uuid", "sha224", "sha256", "sha384", "sha512", "uuid_extract_timestamp",
        "uuid_extract_version",
    ] },
    // aggregates
    Group { kind: Kind::Aggregate, names: &[
        "any_value", "array_agg", "avg", "bit_and", "bit_or", "bit_xor", "bool_and", "bool_or", "corr", "count",
        "covar_pop", "covar_samp", "every", "json_agg", "json_object_agg", "jsonb_agg", "jsonb_object_agg",
        "max", "min", "mode", "percentile_cont", "percentile_disc", "range_agg", "range_intersect_agg",
        "regr_avgx", "regr_avgy", "regr_count", "regr_intercept", "regr_r2", "regr_slope", "regr_sxx",
        "regr_sxy", "regr_syy", "stddev", "stddev_pop", "stddev_samp", "string_agg", "sum", "var_pop",
        "var_samp", "variance",
    ] },
    // window functions
    Group { kind: Kind::Window, names: &[
        "cume_dist", "dense_rank", "first_value", "lag", "last_value", "lead", "nth_value", "ntile",
        "percent_rank", "rank", "row_number",
    ] },
    // set-returning functions
    Group { kind: Kind::SetReturning, names: &[
        "generate_series", "generate_subscripts", "json_array_elements", "json_array_elements_text",
        "json_each", "json_each_text", "json_object_keys", "jsonb_array_elements", "jsonb_array_elements_text",
        "jsonb_each", "jsonb_each_text", "jsonb_object_keys", "jsonb_path_query", "jsonb_path_query_tz",
        "regexp_matches", "regexp_split_to_table", "string_to_table", "unnest",
    ] },
];
