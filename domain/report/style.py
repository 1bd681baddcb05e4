"""The report's one style sheet: light, readable at 1280 pixels, on a phone and on paper."""

STYLE = """
:root{--ink:#1d2530;--soft:#5d6877;--line:#e3e7ec;--paper:#fff;--ground:#f5f6f8;--accent:#0f6b74;--accent-soft:#d9ecec;
--warm:#d97b29;--warm-soft:#fbe9d7;--rose:#b23a48;--train:#0f6b74;--val:#e0a33a;--test:#8a63a8}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);
font:16px/1.55 "Inter","Segoe UI","Helvetica Neue",Arial,sans-serif;-webkit-font-smoothing:antialiased}
main{max-width:1120px;margin:0 auto;padding:40px 28px 64px}
header{border-bottom:1px solid var(--line);padding-bottom:26px;margin-bottom:28px}
.brand{font-size:13px;letter-spacing:.14em;text-transform:uppercase;color:var(--accent);font-weight:600}
h1{font:600 38px/1.15 "Iowan Old Style","Palatino Linotype",Palatino,Georgia,serif;margin:8px 0 6px}
h1 small{font:500 19px/1 ui-monospace,"SF Mono",Menlo,Consolas,monospace;color:var(--soft);margin-left:10px}
.lead{color:var(--soft);margin:0;max-width:70ch}
h2{font:600 23px/1.25 "Iowan Old Style","Palatino Linotype",Palatino,Georgia,serif;margin:0 0 4px}
h3{font-size:15px;margin:22px 0 8px}
section{background:var(--paper);border:1px solid var(--line);border-radius:12px;padding:26px 28px;margin:0 0 22px}
.note{color:var(--soft);margin:0 0 18px;max-width:78ch;font-size:15px}
.numbers{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:14px;margin:0 0 22px}
.number{background:var(--paper);border:1px solid var(--line);border-radius:12px;padding:16px 18px}
.number b{display:block;font:600 32px/1.1 "Iowan Old Style","Palatino Linotype",Palatino,Georgia,serif;
font-variant-numeric:lining-nums tabular-nums}
.number span{font-size:14px;color:var(--soft)}
.number i{display:block;font-style:normal;font-size:13px;color:var(--soft);margin-top:4px}
.sheet{display:flex;flex-direction:column}
.strip{display:grid;grid-template-columns:148px 1fr;gap:20px;padding:16px 0;border-top:1px solid var(--line)}
.strip:first-child{border-top:0;padding-top:4px}
figure{margin:0}
.every details{border-top:1px solid var(--line);padding:5px 0}.every summary{cursor:pointer;overflow-wrap:anywhere}
.every summary i{color:var(--soft);font-style:normal;font-size:13px;margin-left:6px}
.every .rows{margin:4px 0 4px 18px;font-size:13.5px}.every dl,.every ol{margin:6px 0 6px 18px}
figure audio{display:block;width:100%;height:26px;margin-top:6px}
figure img{display:block;width:100%;aspect-ratio:1;object-fit:cover;border-radius:8px;background:var(--ground)}
figcaption{font-size:12px;line-height:1.35;color:var(--soft);margin-top:5px;overflow-wrap:anywhere}
figcaption b{display:block;color:var(--ink);font-weight:600;font-size:12.5px}
.made{display:grid;grid-template-columns:repeat(auto-fill,minmax(92px,1fr));gap:12px 10px}
.made:has(audio){grid-template-columns:repeat(auto-fill,minmax(150px,1fr))}
.source img{box-shadow:0 0 0 2px var(--paper),0 0 0 4px var(--accent)}
.tag{display:inline-block;border-radius:99px;padding:1px 9px;font-size:12px;font-weight:600;
background:var(--accent-soft);color:var(--accent);white-space:nowrap}
.tag.bad{background:var(--warm-soft);color:#8d4a0e}
.pair{display:grid;grid-template-columns:1fr 1fr;gap:22px}.pair>section{margin:0}.pair{margin-bottom:22px}
.bars{display:grid;grid-template-columns:minmax(90px,auto) 1fr auto;gap:7px 12px;align-items:center;font-size:14px}
.bars .name{overflow-wrap:anywhere}.bars .value{font-variant-numeric:tabular-nums;color:var(--soft)}
.bar{height:16px;border-radius:4px;background:var(--accent);min-width:2px}.bar.before{background:#a9c9cc}
.track{background:var(--ground);border-radius:4px}
.stack{display:flex;height:26px;border-radius:6px;overflow:hidden;background:var(--ground)}
.stack div{min-width:2px}.train{background:var(--train)}.val{background:var(--val)}.test{background:var(--test)}
.key{display:flex;flex-wrap:wrap;gap:6px 18px;font-size:14px;color:var(--soft);margin:8px 0 18px}
.key i{display:inline-block;width:11px;height:11px;border-radius:3px;margin-right:6px}
.drawn{columns:4 200px;column-gap:16px}
.step{break-inside:avoid;margin:0 0 16px;border:1px solid var(--line);border-radius:10px;padding:14px 16px 12px}
.step h3{margin:0}
.fixed{font-size:13px;color:var(--soft);margin:0 0 6px;overflow-wrap:anywhere}
.plot{margin:10px 0 4px}.plot figcaption{font-size:13px;color:var(--ink);font-weight:600;margin:0 0 4px}
.plot svg{display:block;width:100%;height:56px;border-bottom:1px solid var(--line)}.plot rect{fill:var(--accent)}
.plot rect:hover{fill:var(--warm)}
.axis{display:flex;justify-content:space-between;font-size:12px;color:var(--soft);font-variant-numeric:tabular-nums}
.bars.small{font-size:13px;grid-template-columns:minmax(60px,auto) 1fr auto;gap:5px 10px}.bars.small .bar{height:12px}
.open{display:block;width:100%;padding:0;border:0;background:none;cursor:zoom-in;border-radius:8px}
.open:hover img,.open:focus-visible img{box-shadow:0 0 0 2px var(--paper),0 0 0 4px var(--warm)}
.open:focus-visible{outline:0}
.card{margin:auto;width:min(560px,calc(100vw - 32px));max-height:84vh;overflow:auto;border:1px solid var(--line);
border-radius:14px;padding:22px 24px;background:var(--paper);color:var(--ink);box-shadow:0 18px 60px rgba(20,30,45,.28)}
.card::backdrop{background:rgba(29,37,48,.45)}
.cardtop{display:flex;justify-content:space-between;align-items:center;margin-bottom:12px;font-size:18px}
.close{border:0;background:var(--ground);border-radius:99px;width:32px;height:32px;font-size:18px;line-height:1;
color:var(--soft);cursor:pointer}
.card ol{margin:0;padding-left:22px;font-size:14px}.card dl{margin:0}.card dd{font-size:13.5px}
.rejects{display:grid;grid-template-columns:repeat(auto-fill,minmax(112px,1fr));gap:16px 14px;margin:0 0 20px}
.rejects img{object-fit:contain}
.stages{display:flex;flex-wrap:wrap;gap:8px 20px;font-size:14px;color:var(--soft);margin:0 0 16px}
.numbers.inside{margin:0}.inside .number{background:var(--ground);border-color:var(--ground)}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:14px}
th{text-align:left;font-weight:600;color:var(--soft);border-bottom:1px solid var(--line);padding:7px 14px 7px 0}
td{border-bottom:1px solid var(--line);padding:7px 14px 7px 0;vertical-align:top;overflow-wrap:anywhere}
tr:last-child td{border-bottom:0}
table.matrix{width:auto}table.matrix th{font-size:13px}
table.matrix td{text-align:center;padding:9px 16px;font-variant-numeric:tabular-nums;border:2px solid var(--paper)}
table.matrix td,table.matrix th{white-space:nowrap}td:first-child{min-width:96px}
table.matrix td:first-child{min-width:0}table.matrix td:first-child{text-align:left;padding-left:0;font-weight:600}
.disputes{display:grid;grid-template-columns:repeat(auto-fill,minmax(150px,1fr));gap:18px}
.votes{margin:4px 0 0;padding:0;list-style:none;font-size:12.5px;line-height:1.45}
.votes .lost{color:var(--rose)}
dl{display:grid;grid-template-columns:minmax(120px,auto) 1fr;gap:6px 20px;font-size:14px;margin:0 0 16px}
dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
code,pre{font-family:ui-monospace,"SF Mono",Menlo,Consolas,monospace;font-size:13px}
pre{background:var(--ground);border-radius:8px;padding:16px 18px;overflow-x:auto;line-height:1.5;margin:0}
footer{color:var(--soft);font-size:13px;text-align:center;margin-top:30px}
@media(max-width:720px){main{padding:24px 14px 40px}section{padding:20px 16px}.pair{grid-template-columns:1fr}
h1{font-size:29px}
h1 small{display:block;margin:8px 0 0}.strip{grid-template-columns:1fr;gap:14px}
.source{display:grid;grid-template-columns:104px 1fr;gap:14px;align-items:center;padding:4px}
.numbers{grid-template-columns:1fr 1fr}
dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:8px}}
@media print{body{background:#fff}section{break-inside:avoid}}
"""
