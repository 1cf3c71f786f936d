// How jemalloc, which the released programs use (a sixth less CPU in an import), takes memory from
// the system: in huge pages, and what it gives back it gives back whole. A ledger's facts and states
// are hundreds of megabytes that are walked in no order, so small pages cost a third of the time of
// an audit or a rebuild. Address space that is kept for later ("retain") is filled again with huge
// pages by the kernel, though nothing is in it (docs/PERFORMANCE.md, docs/SERVER_LOAD.md). Read by
// jemalloc before main(); MALLOC_CONF in the environment overrides it.
extern "C" {
extern const char* malloc_conf;
const char* malloc_conf = "thp:always,retain:false";
}
