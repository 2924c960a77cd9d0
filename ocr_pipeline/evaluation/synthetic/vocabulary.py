"""Words and sentences for the prose of generated reports: invented places and bodies, sentences of this project's own.

Slots in braces are filled by ``prose``: numbers (``n`` to a hundred, ``m`` to some thousands, ``p`` a share), words
(``topic``, ``field``, ``channel``, ``unit``, ``measure``, ``problem``), and figures of the report's tables.
"""

from __future__ import annotations

__all__ = [
    "BODIES",
    "CHANNELS",
    "FIELDS",
    "FIGURE_SENTENCES",
    "MEASURES",
    "OPENINGS",
    "OTHER_MATTERS",
    "PLACE_FIRST",
    "PLACE_SECOND",
    "PROBLEMS",
    "SUBSECTIONS",
    "TOPICS",
    "UNITS",
]

PLACE_FIRST = "云松青柳禾梧澄泽岚榆溪苍麓雁鹿枫茶槐棠鹭砚汀荷杉珠银凤白石锦"
PLACE_SECOND = "岭川塘湾陂原桥坪渡浦崖沟铺泉郭墩堰屿林洲"
BODIES = (
    "{place}县人民政府",
    "{place}县人民政府办公室",
    "{place}市人民政府",
    "{place}市{place2}区人民政府",
    "{place}市发展和改革委员会",
    "{place}县教育和体育局",
    "{place}市科学技术局",
    "{place}县工业和信息化局",
    "{place}市民政局",
    "{place}县司法局",
    "{place}县财政局",
    "{place}市人力资源和社会保障局",
    "{place}市自然资源和规划局",
    "{place}县住房和城乡建设局",
    "{place}县交通运输局",
    "{place}市水利局",
    "{place}县农业农村局",
    "{place}县文化和旅游局",
    "{place}市卫生健康委员会",
    "{place}县退役军人事务局",
    "{place}市应急管理局",
    "{place}县审计局",
    "{place}县行政审批服务局",
    "{place}市市场监督管理局",
    "{place}县统计局",
    "{place}市医疗保障局",
    "{place}县综合行政执法局",
    "{place}市生态环境局{place2}分局",
    "{place}县{place2}镇人民政府",
    "{place}县{place2}乡人民政府",
    "{place}市{place2}街道办事处",
    "{place}高新技术产业开发区管理委员会",
    "{place}县信访局",
    "{place}市城市管理局",
    "{place}县林业和草原局",
)
TOPICS = (
    "公共资源配置", "重大建设项目", "社会救助", "教育招生", "食品药品安全", "生态环境治理", "保障性住房", "财政预决算",
    "涉农补贴", "义务教育", "公共文化服务", "安全生产", "就业创业", "养老服务", "医疗卫生", "国有土地上房屋征收",
    "户籍管理", "城市综合执法", "乡村振兴", "灾后重建", "优化营商环境", "惠企政策", "招标投标", "行政执法", "稳岗就业",
    "老旧小区改造", "高标准农田建设", "水污染防治", "春耕备耕", "防汛抗旱",
)  # fmt: skip
FIELDS = (
    "机构职能", "政策文件", "规划计划", "统计数据", "行政许可结果", "行政处罚决定", "人事任免", "应急预案", "会议纪要",
    "建议提案办理", "收费目录", "采购信息", "部门预算", "决算报告", "政策解读", "权责清单", "双随机抽查结果",
    "办事指南",
)  # fmt: skip
CHANNELS = (
    "门户网站", "政务公开栏", "微信公众号", "便民服务大厅查阅点", "档案馆查询窗口", "县融媒体中心", "政务微博",
    "村务公开栏", "新闻发布会", "图书馆查阅专区", "手机客户端", "热线电话",
)  # fmt: skip
UNITS = (
    "办公室",
    "法规科",
    "各科室",
    "各直属单位",
    "各村居",
    "综合科",
    "政策研究室",
    "信息中心",
    "各股室",
    "下属事业单位",
)
MEASURES = (
    "建立信息发布台账，逐条登记、按月核对",
    "细化责任分工，把公开任务落实到科室和个人",
    "举办专题培训班，邀请熟悉业务的同志讲授条例要点",
    "完善保密审查流程，做到先审查后发布、一事一审",
    "对照公开标准目录查漏补缺，及时更新过期内容",
    "采用图表、问答和短视频等形式解读文件",
    "定期开展网站巡查，发现错链断链立即整改",
    "把政务公开列入年度考核，考核结果与评先评优挂钩",
    "畅通受理渠道，规范登记、审核、办理、答复、归档各个环节",
    "开展基层调研，听取企业和群众对公开工作的意见",
    "加强与上级主管部门的沟通，遇到疑难申请集体会商",
    "统一答复文书格式，明确告知救济途径和期限",
    "编制简明易懂的办事流程图，摆放在服务窗口显眼位置",
    "设立专人专岗，保持工作队伍稳定",
    "推行公开事项动态调整机制，每季度复核一次目录",
    "组织开放日活动，邀请居民代表走进机关了解业务",
)
PROBLEMS = (
    "个别栏目更新不够及时，内容的深度有待提高",
    "工作人员业务水平参差不齐，对新修订的条例理解不深",
    "政策解读形式偏少，群众看得懂、用得上的材料不多",
    "基层公开力量薄弱，兼职人员多、变动频繁",
    "部分科室主动公开意识不强，报送信息存在拖延",
    "依申请公开答复的说理性还需要加强",
    "新媒体平台互动不足，对留言的回应比较慢",
    "公开目录与实际工作结合不紧，分类不够准确",
    "数据公开的完整性不够，历史信息整理进度偏慢",
    "对下级单位的指导和督促还不到位",
)
OPENINGS = (
    "{year}年，{body}围绕中心工作，按照条例和上级部署，扎实推进政府信息公开，保障公民、法人和其他组织依法获取信息的权利。",
    "本报告根据《中华人民共和国政府信息公开条例》编制，所列数据的统计期限自{year}年1月1日起至{year}年12月31日止。",
    "一年来，{body}把公开透明作为法治建设的基本要求，聚焦{topic}、{topic2}等社会关切，持续提升公开质量。",
    "{year}年度，我单位坚持需求导向，紧扣{topic}重点任务，{measure}，各项工作取得新的进展。",
    "现将{year}年度政府信息公开工作情况报告如下，欢迎社会各界监督并提出意见和建议。",
    "为方便公众了解{body}全年工作，现依法公布本年度报告，电子版可在{channel}查阅和下载。",
)
# Sub-headings under 一、总体情况 (and under the problems), with the sentences that go there.
SUBSECTIONS: dict[str, tuple[str, ...]] = {
    "主动公开情况": (
        "全年通过{channel}发布各类信息{m}条，其中{field}类{n}条、{field2}类{n2}条。",
        "重点公开{topic}方面的信息{n}条，较上年增长{p}%。",
        "在{channel}开设{topic}专题{k}个，累计阅读量{m}人次。",
        "围绕{topic}和{topic2}，制作图解材料{n}份、视频{k}个，回应公众关切。",
        "更新{field}栏目{n}次，清理失效信息{n2}条，确保内容准确、来源可靠。",
        "召开新闻发布会{k}场，主要负责同志出席{k2}场，现场答复提问{n}个。",
    ),
    "依申请公开情况": (
        "严格执行受理、登记、审核、答复制度，{measure}。",
        "对内容不明确的申请，主动与申请人联系，一次性告知需要补正的事项，全年发出补正通知{k}份。",
        "申请内容主要涉及{topic}、{topic2}以及{field}等方面。",
        "所有申请均在法定期限内办结，平均办理时间{k}个工作日，未收取任何费用。",
        "线上渠道提交的占{p}%，当面和信函提交的合计{k}件。",
    ),
    "政府信息管理情况": (
        "{measure}，确保信息内容与业务数据一致。",
        "梳理现行文件目录{n}项，对其中{k}件作出修改，废止的文件加注标识。",
        "落实公文属性源头认定，拟稿时同步注明公开方式，全年认定公文{m}件。",
        "按季度清点{field}和{field2}，形成问题清单{k}份并逐项销号。",
    ),
    "平台建设情况": (
        "对{channel}进行改版，新增检索、订阅和无障碍浏览等功能，页面平均打开时间缩短{k}秒。",
        "在{channel}和{channel2}设置查阅点{k}处，配备电脑{n}台，接待群众{m}人次。",
        "政务新媒体共推送{m}条信息，关注人数达到{m2}人，留言回复率{p}%。",
        "完成域名和栏目备案核对，关停长期不更新的账号{k}个。",
    ),
    "监督保障情况": (
        "成立由主要负责同志任组长的领导小组，{unit}负责日常协调，全年召开专题会议{k}次。",
        "开展业务培训{k}次，参加人员{n}人次，参训人员测试合格率{p}%。",
        "{measure}；{measure2}。",
        "社会评议结果总体良好，满意率为{p}%，未发生责任追究情形。",
        "对{unit}开展两轮抽查，发现并督促整改问题{k}个。",
    ),
}
# Each repeats figures of the tables; it is used only when the report has them.
FIGURE_SENTENCES: tuple[str, ...] = (
    "本年度共收到政府信息公开申请{applications/1/total}件，上年结转{applications/2/total}件。",
    "全年新收依申请公开{applications/1/total}件，其中自然人申请{applications/1/natural}件，办结{applications/3.7/total}件。",
    "在办结的申请中，予以公开{applications/3.1/total}件，部分公开{applications/3.2/total}件，本机关不掌握相关信息的{applications/3.4.1/total}件。",
    "截至年末，结转下年度继续办理的申请{applications/4/total}件。",
    "因政府信息公开引发的行政复议{disputes/reconsideration/total}件，未经复议直接起诉的行政诉讼{disputes/litigation_direct/total}件。",
    "全年作出行政许可决定{proactive/license/decisions}件，行政处罚决定{proactive/penalty/decisions}件，行政强制{proactive/coercion/decisions}件。",
    "现行有效的行政规范性文件{proactive/normative/in_force}件，本年制发{proactive/normative/issued}件。",
    "对外公开规范性文件{proactive/normative/published_total}件，实施政府集中采购项目{proactive/procurement/projects}个。",
)
OTHER_MATTERS = (
    "本年度没有需要报告的其他事项。",
    "依据有关收费管理办法，本年度未发出收费通知，收取信息处理费0元。",
    "{year}年承办人大代表建议{k}件、政协提案{k2}件，全部按期答复并公开结果。",
    "围绕{topic}开展的公开试点已经完成，形成可推广的做法{k}项。",
    "本年度要点任务已全部落实，落实情况同步在{channel}公布。",
    "如对本报告有疑问，请与{body}{unit}联系，电话：0{n}-{m}{n2}。",
)
