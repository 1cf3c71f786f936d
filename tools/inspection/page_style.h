// The style sheet of the printable page. Measures are GB/T 9704-2012's: A4, 37 mm above, 28 mm at
// the left, a text area of 156 by 225 mm; the title in size 2, the text in size 3 scaled down to
// what tables allow (our choice).
#pragma once

#include <string_view>

namespace tools {

inline constexpr std::string_view kPageStyle = R"(
@page{size:A4;margin:30mm 26mm 30mm 28mm;@bottom-center{content:"— " counter(page) " —";font:14pt "Noto Serif CJK SC",SimSun,serif}}
*{box-sizing:border-box}
body{font:12pt/1.75 FangSong,STFangsong,"Noto Serif CJK SC",serif;color:#000;max-width:156mm;margin:0 auto;background:#fff}
header{border-bottom:1.2mm solid #c8102e;margin-bottom:12mm}
.issuer{color:#c8102e;text-align:center;text-align-last:justify;font:700 26pt/1.3 "Noto Serif CJK SC",SimSun,serif;margin:6mm 4mm 8mm;text-indent:0}
.number{display:flex;justify-content:space-between;margin:0 0 2mm;text-indent:0}
h1{font:700 20pt/1.5 "Noto Serif CJK SC",SimSun,serif;text-align:center;margin:0 0 8mm}
h2{font:700 14pt/1.6 SimHei,"Noto Sans CJK SC",sans-serif;margin:6mm 0 2mm;text-indent:2em;break-after:avoid}
h3{font:700 12pt/1.6 KaiTi,"Noto Serif CJK SC",serif;margin:4mm 0 1mm;text-indent:2em;break-after:avoid}
p{margin:0;text-indent:2em;text-align:justify}
table{border-collapse:collapse;width:100%;margin:2mm 0;line-height:1.35}
thead{display:table-header-group}
tr{break-inside:avoid}
th,td{border:.3mm solid #000;padding:.8mm 1mm;text-align:left;vertical-align:middle;overflow-wrap:anywhere}
thead th{font-family:SimHei,"Noto Sans CJK SC",sans-serif;font-weight:700;text-align:center;background:#f4f4f4}
td.n{text-align:center;overflow-wrap:normal}
.plain{font-size:10pt}.small{font-size:8.5pt}.tiny{font-size:7pt}.tiny th,.tiny td{padding:.5mm .4mm}
.events{font-size:8pt;table-layout:fixed}.events th:nth-child(1){width:10mm}.events th:nth-child(2){width:27mm}.events th:nth-child(3){width:29mm}.events th:nth-child(4){width:18mm}.events th:nth-child(5){width:19mm}.events td:last-child{font-size:7pt}
.row{font-size:8pt;table-layout:fixed;break-inside:avoid}.row th{width:16mm;background:#f4f4f4;font-weight:400}
.facts{font-size:9.5pt}.facts th{width:52mm;background:#f4f4f4;font-weight:400}.facts td{font-family:"Noto Sans Mono CJK SC",Consolas,monospace;overflow-wrap:anywhere}
.evidence{break-before:auto}.evidence table{break-inside:avoid}
.code{font:9.5pt/1.5 "Noto Sans Mono CJK SC",Consolas,monospace;text-indent:0;border:.3mm solid #999;padding:1.5mm 2mm;margin:1mm 0;overflow-wrap:anywhere;text-align:left}
.signed{text-align:right;text-indent:0;margin:12mm 0 0;padding-right:8mm;line-height:2;break-inside:avoid}
@media screen{body{padding:14mm 0}}
)";

}  // namespace tools
