"""Who bears a duty: recognising the bearer at the head of a clause, and the sort of bearer it is.

A bearer is a noun phrase ending in a head noun (单位, 部门, 负责人, 经营者 …). The scan starts at the head of
the clause and goes on over conjunctions (A、B和C), possessives (单位的主要负责人), compounds
(人民政府应急管理部门) and relative clauses (负有…职责的部门) until a verb or preposition follows.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

from indexer.clauses import BLANK
from indexer.obligation import BearerType

_PERSON = (
    r"负责人|责任人|管理人|经营人|承运人|托运人|收货人|发货人|承租人|出租人|承包人|发包人|设计人|当事人|申请人|代理人|代表人|使用人|所有人"
    r"|所有权人|占有人|监护人|继承人|相对人|投资人|驾驶人|行人|乘车人|旅客(?!列车|运输)|乘客|游客|船员|驾驶员|押运员|检查员|监理员|管理员|监督员|协管员"
    r"|安全员|救援员|教练员|保安员|操作工|安装拆卸工|起重信号工|受让人|转让人|持有人|监管人|保管人|委托人|受托人|业主|房东|住户"
    r"|公众(?!聚集|场所|活动)|病人|仲裁庭|审判庭|合议庭|法庭|总指挥|指挥员|指挥长|市民|用户|患者|考生|观众|运动员|裁判员|交通警察|人民警察|警察|民警|债权人|人民陪审员|审判员|书记员"
    r"|人员(?!密集|聚集|伤亡|安全|名单|数量|定位|编制)|员工(?!宿舍|食堂)|职工(?!代表大会|大会|教育|宿舍)|工人|公民(?!个人信息)|个人|居民|村民|学生|教师|干部|家长|专家(?!组|库|"
    r"论证|评审)|军人(?!保险|优待|抚恤|权益|地位)|家属|会计师(?!事务所|协会)|建筑师|工程师|医师|护士|律师|公证员|法官|检察官"
    r"|矿长|厂长|局长|[县区市省镇乡]长(?!春|江|沙|安|途|期|度|城|治|清|岛|兴|白|乐|寿|宁|丰|虹|征)|校长|院长|所长|站长|船长|队长|班长|组长|主任|主席|书记|总监|董事长|总经理|经理"
    r"|(?:经营|生产|销售|使用|所有|管理|劳动|作业|从业|举办|承办|主办|组织|运营|消费|建设|服务|开发|提供|参与|研究|处理|控制|加工|养殖|种植|供应|投保|著作权|权利|志愿|"
    r"开办|投资|从事|制作|传播|发行|生产经营|受害|检举|举报|信访|失业|就业|监管)者"
    r"|(?:承办|主办|举办|经办|申报|报告|检举|举报|投诉|饲养|养护|购买|开发|建造|被检查|被申请|利害关系|共有|出卖|买受|寄件|收件|参保|被保险|保险|投保|债务|债权|抵押|辩护|"
    r"赡养|抚养|收养|送养|被征收|征收|拆迁|被拆迁|签发|召集|主持|发起|出资|合伙|清算|破产管理|仲裁|调解|鉴定|见证|介绍|供养|抢险救援|信访|被监护|装卸|作业负责)人"
    r"|(?<![每他两三多数个一二四五本的])人(?=$|，|应|必须|不得|可以|有权|也|均|都|在|对|自|向|未|因|认为|依|按|需|违反|要求|取得|申请|提出|使用|"
    r"发现)(?<!的人)(?<!本人)(?<!他人)"
    r"|(?:包|让|托|租|供|需|买|卖|甲|乙|责任|施工|受|发|第三|主管|运营|管理|合作|投资|委托|中介|当事)方(?=$|，|应当|必须|不得|可以|有权|也|均|都|、|和|或|在|对|的)"
    r"|全社会|社会各界|社会公众|任何人|成年人|自然人|法人|未成年人|残疾人|老年人|儿童(?!福利|医院|节|权|安全|座椅|保护|玩具|用品|食品|活动|乐园|游乐)|[矿业房地作产]权人"
)
_BODY = (
    r"人民政府(?!规章|令)|政府(?!采购|信息|投资|性|规章|定价|指导价|债务|网站|补贴|购买|出资|资金|数据|储备|工作报告|令)|部门(?!规章|预算|决算|之间)|机关|"
    r"机构(?!代码|编制|改革)|(?<!文物保护)(?<!计量)(?<!货币)单位(?!名称|面积|产品|价|造价|工程)|企业(?!名称|标准|年金|所得税|债券|会计)|公司(?!章程|债券|"
    r"名称|登记)|集团|(?:社会|基层|群众|群团|"
    r"党|工会|行业|其他|其它|经济|民间|自治|服务|宗教|慈善|国际|合作|互助|消费者|法人|任何|人民|专业|志愿者?|社区|相关|有关|性|管理|中介|救援|消防|境外|学术|文化|体育|"
    r"生产经营|农业|生产)组织(?!形式|章程|关系|生活|架构|结构|程序)|(?<=[、和或])组织(?!形式|章程|关系|生活|架构|结构|程序)|团体|委员会|管委会|办事处|派出所"
    r"|(?:消防|救援|救护|护林|护矿|巡逻|治安|志愿服务|专业技术|民兵|执法|专业|应急|专职|兼职|保安|医疗|抢修|抢险)(?:大|中|支|总)?队伍?|救援站|消防站|工会(?!经费|"
    r"会员)|协会|商会|学会|联合会|共青团|学校(?!周边|门口|章程)|幼儿园|乡镇(?!企业|人民)|街道(?!办)|托儿所|医院|院校|银行|法院|检察院|国务院|党委|常委会"
    r"|调查组|指挥部|领导小组|专家组|工作组|检查组|班组|小组|(?:养殖|屠宰|加工|交易|批发市|集贸市|农贸市|市)场(?=应|必|不得|可以|有权|$|，|、|和)|旅馆|双方|各方|一方|"
    r"企业法人|合作社|社区(?!服务|矫正|卫生|建设|教育|治理)|农场|林场|牧场|渔场|开发区|工业园区|风景区|港区"
    r"|研究院|研究所|科研院所|事业编制|主管单位|有限责任|用人单位|人民团体|人民解放军|武警部队|解放军|部队|军队|军事机关|海关(?!特殊|监管区)|税务局|公安局|气象台|铁路局|航空器|"
    r"船舶(?!污染|登记|检验证|吨|所有)|渔船"
    r"|新闻媒体|媒体|互联网平台|电视台|广播电台|出版单位|平台|招标人|投标人|采购人|(?:运营|服务|承包|代理|经销|制造|供应|零售|批发|进口|出口|开发|生产|销售|集成|投资)商|"
    r"红十字会|家庭(?!暴力|教育|成员|住)"
    r"|人民代表大会|代表大会|股东大会|业主大会|居民会议|村民会议|村民代表会议|董事会|监事会|理事会|股东会|总社|供销社|主席团|代表团|代表(?!大会|性|作|名额|资格|证)|党组织|"
    r"(?:财政|公安|交通|建设|农业|农村|卫生|劳动|水利|林业|外交|民政|司法|教育|铁道|国防|人事|文化|商务|自然资源|生态环境|应急管理|信息化|社会保障|交通运输|城乡建设)部(?!门|分|署|队|长|件|位|令|级)|"
    r"(?:安全|管理|监察|监管|海事|能源|统计|专利|总|水务|应急|林业|邮政|档案|气象)局(?!域|部|面|限|长)|"
    r"省、自治区、直辖市(?=$|，|可以|应当|根据|不得|必须|按照|对)|"
    r"基金会|救助站|博物馆|图书馆|展览馆|敬老院|养老院|福利院|监狱|看守所"
)
HEAD = re.compile(f"(?:(?:{_PERSON})(?!员|口|数)|{_BODY})")
# Between a head noun and the next one of a compound or possessive: none of these.
_STOP = (
    r"是|本(?=单位|企业|公司|部门|机构|人)|对(?!外)|向|由|在(?!建|校|职|岗|编)|将|把|按|依|根据|自(?!然|治|律|建|备)|从(?!业|事)|经(?!营|济|理|办)|"
    r"应(?!急)|可以|须|不|未|被|其(?!他)|"
    r"为(?!主)|以(?!上|下|及)"
    r"|会同|加强|督促|指导(?!员)|要求|责令|享有|享受|委托|指定|使用|接收|聘用|雇用|招用|安排|通知|告知|制定|发现|发生|进行|提供|派(?!出机关|出机构|出所|驻|遣)|给|"
    r"履行|违反|出具|收到|接到|报告|批准|授权(?!有关部门|的部门|部门|机构|的机构)|征求|派人|主持|变更|协助|明示|暗示|强迫|担任|邀请|颁发|核发|签发|发给|划定|收取|支付|缴纳|交纳|选聘"
    r"|申请|组织|统一|予以|实施|采取|建立|编制|办理|拒|签订|订立|同时|分别|均|都|也|还|每|当|与|于|负责|实行|开展|监督(?!管理|执法|行政|检查部|部|机|员|人|、|等)|作为|因|"
    r"如|若|至|"
    r"到|内(?!的|部|设)|时(?!限|段|期)|后(?!勤|方|续)|前(?!款|条|述)|及时|立即|定期"
)
_BETWEEN = rf"(?:(?!{_STOP})[\u4e00-\u9fff、{BLANK}]){{0,70}}?"
_NEXT = re.compile(rf"{_BETWEEN}(?={HEAD.pattern})")
_CONJUNCTION = re.compile(r"(?:、|和|与|及其|及|以及|或者|或|并)")
_DE = re.compile(r"等?的")
_RELATIVE = re.compile(
    r"(?:负有|负责|承担|从事|主管|主办|依法|指定|确定|委托|授权|聘请|聘用|所属|所在地?|设立|派出|管理|使用|雇用|招用|认可|认定|核准|规定|公布|直接|内设|下设|分管|行使|"
    r"办理|实施|具有|取得|持有|领导|组织|参加|批准|以外|以上|以下)"
    rf"[^，]{{0,44}}?的(?:[\u4e00-\u9fff、]{{0,10}}?)(?={HEAD.pattern})"
)
_AFTER_RELATIVE = re.compile(
    rf"$|{BLANK}|分别|具体|统一|在|对|应|必|不|可|按|依|根|自|向|将|有权|负|和|及|以及|、|或|的|要|为|从|会同|也|都|均|接|发|等|每|进|需|须|履|组|派|参|实|开|作|收|违|提|制|采|使|利"
)
_LEAD_WORDS = re.compile(
    r"^(?:但是|但|并且|并|同时|其中|又(?=向|对|在|因)|此外|另外|而且|且|或者|或|然后|，|还|以及|和|因此|因而|所以|凡是|凡|确需|必要时|特殊情况下|紧急情况下|情况紧急时)?"
    rf"(?:[一二三四五六七八九十]是)?{BLANK}*"
)
# A clause that begins so has no subject of its own at its head …
_PREPOSITION = re.compile(
    r"^(?:对于|对(?!外)|将|由|按照?|依照|依据|根据|经(?!营|济|办|理|纪)|因|为了|为(?!\w+的)|向|除|自(?!然|治|建|备|律|行|主|愿|觉|筹|发)|当(?!事|"
    r"地)|如|若|遇|通过|会同|以(?!上|下|及)|随(?!车|船|军)|报(?!告|社|刊|名|废|警|检|关|价)|交(?!通|警|易|付|流|接|管)|被(?!派遣|检查|监护|征收|害|"
    r"申请|执行|保险|告|"
    r"许可|聘|委托|授权|拆迁)|把|至|鉴于|针对|围绕|本着|关于|于)"
)
# … and one that begins so may be a relative clause: 从事…的单位, 接到报告的部门, 在…工作的人员.
_VERBAL = re.compile(
    r"^(?:从事|在(?!建|校|职|岗|编)|接到|收到|发现|申请|取得|承担|使用|生产|经营|储存|运输|购买|销售|采购|为|持有|具有|具备|进入|进行|开展|实施|举办|承办|组织|参加|"
    r"参与|需要|设立|建立|拥有|负责|负有|发生|造成|违反|未(?!成年|满)|不|没有|有下列|符合|依法|受理|处理|审查|作出|批准|利用|采用|设有|已|新(?!闻)|拟|出租|承租|承包|发包|租用|占用|开采|"
    r"制造|安装|改造|修理|维修|检验|检测|行使|管理|产生|排放|收集|贮存|处置|利用|接受|委托|受|因|以|与|向|从(?!业)|驾驶|操作|携带|乘坐|投保|提供|存在|发包|运营|超过|"
    r"达到|拆除|搬运|装卸|擅自|随(?!车|船|军)|被(?!派遣|检查|监护|征收|害|申请|执行|保险|告|许可|聘|委托|授权|拆迁)|经|涉及|属于|变更|更换|调整|取消|要求|责令|通知|督促|"
    r"请求|侵犯|侵害|损害|危害|妨碍|阻碍|影响|破坏|"
    r"按照[^，]{2,20}(?:成立|设立|组建|确定|核准|批准|取得|指定)的)"
)
_ENTITY_TAIL = re.compile(rf"(?:等|均|都|也|一律|一般|原则上|还|则|仍|又|，|\s|{BLANK})*$")


@dataclass(frozen=True, slots=True)
class Subject:
    """A bearer at text[start:end]. `rest` is what stands between it and the end of the words looked at.

    `possessed` says that a thing of the bearer is the grammatical subject (生产经营单位的责任制应当…).
    """

    start: int
    end: int
    rest: str

    @property
    def pure(self) -> bool:
        return bool(_ENTITY_TAIL.fullmatch(self.rest))

    @property
    def possessed(self) -> bool:
        return self.rest.startswith("的")


def lead_words_end(masked: str, start: int, end: int) -> int:
    """Where the clause proper begins after 但是, 并, 同时 …"""
    found = _LEAD_WORDS.match(masked[start:end])
    return start + (found.end() if found else 0)


# 学校周边不得设置…: the body is only where it is.
_PLACE_AFTER = re.compile(
    r"(?:内(?!部|设|的)|周边|周围|附近|门口|门前|上空|两侧|校园内|范围内|区域内|场所内|驻地)"
)


# 本市鼓励政府部门探索…: the one encouraged bears nothing.
_POLICY = re.compile(
    r"(?:国家|本[市省区县]|本自治[区州县]|各级人民政府)?(?:鼓励|支持|提倡|倡导|引导|推动)(?!机构|单位|部门)"
)


def subject(masked: str, start: int, end: int) -> Subject | None:
    """The bearer at the head of masked[start:end]; None where the words begin with something else."""
    start = lead_words_end(masked, start, end)
    words = masked[start:end]
    if not words:
        return None
    relative_only = bool(_VERBAL.match(words))
    if _POLICY.match(words):
        return None
    if _PREPOSITION.match(words) and not (relative_only and _ends_with_relative(words)):
        return None
    at = _first_head(words, relative_only=relative_only)
    if at is None:
        return None
    at = _extend(words, at)
    if _PLACE_AFTER.match(words, at):
        return None
    return Subject(start, start + at, words[at:])


_BANNED_ONE = re.compile(r"(?:任何|一切|行人|非|无关|未|其他|闲杂|无)")


def after_ban(masked: str, start: int, end: int) -> Subject | None:
    """禁止任何单位和个人干扰…, 禁止无关人员进入: the one forbidden stands behind the ban."""
    if not _BANNED_ONE.match(masked, start):
        return None
    found = subject(masked, start, end)
    return found if found is not None and found.rest and not found.possessed else None


def after_by(masked: str, start: int, end: int) -> Subject | None:
    """The bearer after 由 at masked[start]: 应当由建设单位组织…"""
    if masked[start : start + 1] != "由":
        return None
    return subject(masked, start + 1, end)


def _ends_with_relative(words: str) -> bool:
    heads = list(HEAD.finditer(words))
    if not heads:
        return False
    last = heads[-1]
    return "的" in words[: last.start()] and bool(_ENTITY_TAIL.fullmatch(words[last.end() :]))


def _first_head(words: str, *, relative_only: bool) -> int | None:
    for found in HEAD.finditer(words):
        before = words[: found.start()]
        if relative_only and before and not _is_relative(before):
            continue
        if not relative_only and len(before) > 1 and _has_verb_break(before):
            return None
        return found.end()
    return None


_RELATIVE_BEFORE = re.compile(r"的[\u4e00-\u9fff、＿]{0,14}$")
_LIST_BEFORE = re.compile(
    r"^(?:驾驶|操作|举办|承办|参加|生产|经营|储存|运输|使用|销售|采购|管理|检验|检测|制造|安装|改造|修理|维修|建设|施工|出租|承租|承包|发包|委托|运营|提供|收集|贮存|"
    r"处置|利用|新闻|拆除|装卸|接受|受理|处理|审查|批准|进行|搬运|受|因|经营性|新建|已)[\u4e00-\u9fff、＿]{0,40}$"
)


def _is_relative(before: str) -> bool:
    """The words before a head make a relative clause (从事…的|单位) or a list (生产、经营|单位)."""
    if _RELATIVE_BEFORE.search(before):
        return True
    return bool(_LIST_BEFORE.match(before)) and not re.search(_STOP_IN_LIST, before)


_STOP_IN_LIST = r"以及|记录|对|向|由|在|将|按|依|应(?!急)|为|的|从|未|不"
_VERB_BREAK = re.compile(r"未(?!成年|满)|应(?!急)|必须|不得|可以|(?<!有)(?<!所)由|将|按照|依照|根据")


def _has_verb_break(before: str) -> bool:
    return bool(_VERB_BREAK.search(before))


def _extend(words: str, at: int) -> int:
    """Goes on from the head noun ending at `at` over everything that belongs to the same bearer."""
    while at < len(words):
        step = _step(words, at)
        if step is None:
            return at
        at = step
    return at


def _step(words: str, at: int) -> int | None:
    rest_at = at
    while rest_at < len(words) and words[rest_at] == BLANK:
        rest_at += 1
    conjunction = _CONJUNCTION.match(words, rest_at)
    possessive = _DE.match(words, rest_at)
    relative = _RELATIVE.match(words, rest_at)
    if relative:
        head = HEAD.match(words, relative.end())
        if head and _AFTER_RELATIVE.match(words, head.end()):
            return head.end()
    begin = conjunction.end() if conjunction else possessive.end() if possessive else rest_at
    if conjunction and (sub := _relative_member(words, begin)) is not None:
        return sub
    following = _NEXT.match(words, begin)
    if following is None:
        return None
    head = HEAD.match(words, following.end())
    return head.end() if head else None


_RELATIVE_MEMBER = re.compile(
    rf"(?:设在|派驻|(?:其他|有关|相关)?(?:与|和)(?=[^，]{{1,30}}(?:有关|相关)的)|"
    rf"{_VERBAL.pattern[4:-1]})[^，]{{1,40}}?的[\u4e00-\u9fff、]{{0,12}}?(?={HEAD.pattern})"
)


def _relative_member(words: str, at: int) -> int | None:
    """A second bearer with a relative clause of its own: …和从事…的单位."""
    found = _RELATIVE_MEMBER.match(words, at)
    if found is None:
        return None
    head = HEAD.match(words, found.end())
    if head is None or not _AFTER_RELATIVE.match(words, head.end()):
        return None
    return head.end()


@cache
def _table() -> tuple[tuple[BearerType, re.Pattern[str]], ...]:
    data = tomllib.loads(resources.files("indexer").joinpath("bearer_types.toml").read_text(encoding="utf-8"))
    return tuple((BearerType(row["type"]), re.compile("|".join(row["words"]))) for row in data["rule"])


@lru_cache(maxsize=50_000)
def bearer_type(bearer: str) -> BearerType:
    """The sort of bearer: the first rule of bearer_types.toml whose words occur decides."""
    for kind, words in _table():
        if words.search(bearer):
            return kind
    return BearerType.OTHER
