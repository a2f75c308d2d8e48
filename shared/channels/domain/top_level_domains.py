"""Top-level domains by which links are told from other words with a dot (of IANA's root zone)."""

_USUAL = """
ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bw
by bz ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et
eu fi fj fk fm fo fr ga gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie
il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv
ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf ng ni nl no np nr
nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd se sg sh si sk sl
sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug uk us uy uz
va vc ve vg vi vn vu wf ws ye yt za zm zw
com org net edu gov mil int info biz name pro aero asia cat coop jobs mobi museum tel travel
academy agency app art blog cafe center chat church city cloud club coffee community company design
dev digital email events family film finance fun fund gallery games garden group guide guru health
help house inc ink jetzt land law life link live love ltd market media money network news ninja one
online page party photo photos plus press pub rocks run school science services shop show site
social software solutions space store studio style systems team tech technology theater tips today
tools top tours town training tube university vip video website wiki work works world wtf xyz zone
"""
USUAL = frozenset(_USUAL.split())
"""All of countries and the usual others, in Latin letters."""

_ELSEWHERE = """
p1ai p1acf j1amh 90ais 90ae 90a3ac 80adxhks 80asehdb 80aswg d1acj3b fiqs8s fiqz9s j6w193g kpry57d
55qx5d io0a7i q9jyb4c tckwe 3e0b707e h2brj9c o3cw4h 4dbrk0ce wgbh1c wgbl6a mgberp4a5d4ar mgbaam7a8h
mgba3a4f16a
"""
ELSEWHERE = frozenset(label.encode().decode("punycode") for label in _ELSEWHERE.split())
"""The better known ones in other scripts; above, as the DNS has them after ``xn--``."""
