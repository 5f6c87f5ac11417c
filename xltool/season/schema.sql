-- The tables of a season. What was seen (轮次 报送 发现 规则集) is never changed afterwards, but for 单位, 有效
-- and 说法 of 报送; 问题 and 状态史 follow from it; what people decide is in 清单 认定 豁免 批注; 日志 only grows.

CREATE TABLE 轮次 (
    轮次 INTEGER PRIMARY KEY,
    时间 TEXT NOT NULL,
    审核文件夹 TEXT NOT NULL,
    指纹 TEXT NOT NULL,
    工作簿 INTEGER NOT NULL,
    何人 TEXT NOT NULL
);

-- Every unit that was ever seen or listed; its number never changes.
CREATE TABLE 单位 (
    单位 INTEGER PRIMARY KEY,
    单位编码 TEXT NOT NULL DEFAULT '',
    单位名称 TEXT NOT NULL,
    主管部门 TEXT NOT NULL DEFAULT '',
    联系人 TEXT NOT NULL DEFAULT '',
    应报年度 INTEGER,
    应报版本 TEXT NOT NULL DEFAULT '',
    应报文件 TEXT NOT NULL DEFAULT '',
    在清单 INTEGER NOT NULL DEFAULT 0,
    文件夹 TEXT NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX 单位编码唯一 ON 单位 (单位编码) WHERE 单位编码 <> '';

-- The kinds of workbooks that the list asks of a unit; a unit without any owes whatever it hands in.
CREATE TABLE 应报 (
    单位 INTEGER NOT NULL REFERENCES 单位 (单位) ON DELETE CASCADE,
    文件 TEXT NOT NULL,
    PRIMARY KEY (单位, 文件)
);

CREATE TABLE 规则集 (规则集 INTEGER PRIMARY KEY, 规则 TEXT NOT NULL UNIQUE);

-- A workbook of a round. 单位 is NULL where it could not be told whose it is. 种类: 决算报表, 自评表 …
CREATE TABLE 报送 (
    报送 INTEGER PRIMARY KEY,
    轮次 INTEGER NOT NULL REFERENCES 轮次 (轮次) ON DELETE CASCADE,
    单位 INTEGER REFERENCES 单位 (单位),
    种类 TEXT NOT NULL DEFAULT '',
    归年度 INTEGER NOT NULL DEFAULT 0,
    文件 TEXT NOT NULL,
    sha256 TEXT,
    读取 TEXT NOT NULL,
    原因 TEXT,
    版本 TEXT NOT NULL DEFAULT '',
    表上名称 TEXT NOT NULL DEFAULT '',
    表上编码 TEXT NOT NULL DEFAULT '',
    年度 INTEGER,
    表 TEXT NOT NULL DEFAULT '',
    项目 TEXT NOT NULL DEFAULT '',
    结论 TEXT,
    不符 INTEGER,
    待确认 INTEGER,
    需核实 INTEGER,
    修改时间 TEXT NOT NULL DEFAULT '',
    规则集 INTEGER REFERENCES 规则集 (规则集),
    缺簿外 INTEGER REFERENCES 规则集 (规则集),
    有效 INTEGER NOT NULL DEFAULT 0,
    说法 TEXT NOT NULL DEFAULT '',
    归属 TEXT NOT NULL DEFAULT '',
    工作表 TEXT NOT NULL DEFAULT ''
);
CREATE INDEX 报送的单位 ON 报送 (单位);
CREATE INDEX 报送的轮次 ON 报送 (轮次);

-- What failed in a workbook, or could not be checked. Amounts are texts: exact.
CREATE TABLE 发现 (
    发现 INTEGER PRIMARY KEY,
    报送 INTEGER NOT NULL REFERENCES 报送 (报送) ON DELETE CASCADE,
    规则 TEXT NOT NULL,
    规则名称 TEXT NOT NULL,
    级别 TEXT NOT NULL,
    结论 TEXT NOT NULL,
    表 TEXT NOT NULL,
    工作表 TEXT NOT NULL,
    单元格 TEXT NOT NULL,
    位置 TEXT NOT NULL,
    内容 TEXT NOT NULL,
    左边 TEXT NOT NULL,
    左值 TEXT,
    右边 TEXT NOT NULL,
    右值 TEXT,
    差额 TEXT,
    容差 TEXT,
    提示 TEXT NOT NULL,
    说明 TEXT NOT NULL,
    疑似单元格 TEXT NOT NULL,
    同因 INTEGER,
    关系 TEXT NOT NULL DEFAULT '',
    现为 TEXT NOT NULL DEFAULT '',
    应为 TEXT,
    标识 TEXT NOT NULL DEFAULT '',
    可说明 INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX 发现的报送 ON 发现 (报送);

-- One finding of a unit through all rounds. 序 tells two at one place apart. 发现: as it was last seen.
CREATE TABLE 问题 (
    问题 INTEGER PRIMARY KEY,
    单位 INTEGER NOT NULL REFERENCES 单位 (单位),
    年度 INTEGER NOT NULL,
    种类 TEXT NOT NULL,
    规则 TEXT NOT NULL,
    表 TEXT NOT NULL,
    位置 TEXT NOT NULL,
    序 INTEGER NOT NULL,
    状态 TEXT NOT NULL,
    首见 INTEGER NOT NULL,
    自 INTEGER NOT NULL,
    未核自 INTEGER,
    发现 INTEGER NOT NULL REFERENCES 发现 (发现),
    UNIQUE (单位, 年度, 种类, 规则, 表, 位置, 序)
);

-- What a round (or a later decision in it) made of a finding; a round that did not look at it has no row.
CREATE TABLE 状态史 (
    问题 INTEGER NOT NULL REFERENCES 问题 (问题) ON DELETE CASCADE,
    轮次 INTEGER NOT NULL,
    状态 TEXT NOT NULL,
    报送 INTEGER NOT NULL REFERENCES 报送 (报送),
    PRIMARY KEY (问题, 轮次)
);

-- What the reviewer said about a content after a round: whose it is (单位), that it is the valid one (有效), or
-- that it is no submission at all, and why.
CREATE TABLE 认定 (
    sha256 TEXT PRIMARY KEY,
    轮次 INTEGER NOT NULL,
    文件 TEXT NOT NULL,
    单位 INTEGER REFERENCES 单位 (单位),
    有效 INTEGER NOT NULL DEFAULT 0,
    何人 TEXT NOT NULL,
    何时 TEXT NOT NULL,
    不是报送 INTEGER NOT NULL DEFAULT 0,
    理由 TEXT NOT NULL DEFAULT ''
);

-- A failure that is let pass as long as its figures are these (标识: the checksum of the finding).
CREATE TABLE 豁免 (
    豁免 INTEGER PRIMARY KEY,
    单位 INTEGER NOT NULL REFERENCES 单位 (单位),
    规则 TEXT NOT NULL,
    表 TEXT NOT NULL DEFAULT '',
    位置 TEXT NOT NULL DEFAULT '',
    左值 TEXT,
    右值 TEXT,
    标识 TEXT NOT NULL DEFAULT '',
    理由 TEXT NOT NULL,
    到期 TEXT NOT NULL DEFAULT '',
    何人 TEXT NOT NULL,
    何时 TEXT NOT NULL,
    撤销 TEXT NOT NULL DEFAULT ''
);

-- What a unit answered in a letter, as the book prints its name: of the finding with this checksum.
CREATE TABLE 回复 (
    回复 INTEGER PRIMARY KEY,
    轮次 INTEGER NOT NULL REFERENCES 轮次 (轮次) ON DELETE CASCADE,
    单位名称 TEXT NOT NULL,
    单位编码 TEXT NOT NULL DEFAULT '',
    规则 TEXT NOT NULL,
    位置 TEXT NOT NULL,
    标识 TEXT NOT NULL,
    内容 TEXT NOT NULL
);
CREATE INDEX 回复的标识 ON 回复 (标识);

CREATE TABLE 批注 (
    批注 INTEGER PRIMARY KEY,
    单位 INTEGER NOT NULL REFERENCES 单位 (单位),
    规则 TEXT NOT NULL DEFAULT '',
    表 TEXT NOT NULL DEFAULT '',
    位置 TEXT NOT NULL DEFAULT '',
    内容 TEXT NOT NULL,
    何人 TEXT NOT NULL,
    何时 TEXT NOT NULL
);

-- What a round has to tell besides findings: whose a workbook is in doubt, a unit's other name …
CREATE TABLE 提醒 (
    提醒 INTEGER PRIMARY KEY,
    轮次 INTEGER NOT NULL,
    类别 TEXT NOT NULL,
    单位 INTEGER,
    文件 TEXT NOT NULL,
    内容 TEXT NOT NULL
);

CREATE TABLE 日志 (
    日志 INTEGER PRIMARY KEY,
    何时 TEXT NOT NULL,
    何人 TEXT NOT NULL,
    系统用户 TEXT NOT NULL,
    做了什么 TEXT NOT NULL,
    内容 TEXT NOT NULL
);

-- Findings with all that one asks about them.
CREATE VIEW 问题清单 AS
SELECT q.问题, q.单位, u.单位编码, u.单位名称, u.主管部门, q.种类, q.年度, q.规则, f.规则名称, f.级别, q.表, q.位置, q.序,
       q.状态, q.首见, q.自, q.未核自, f.报送, b.文件, f.工作表, f.单元格, f.内容, f.左边, f.左值, f.右边, f.右值, f.差额, f.提示,
       f.说明, f.疑似单元格, f.同因, f.关系, f.现为, f.应为, f.标识, f.可说明
FROM 问题 q JOIN 单位 u USING (单位) JOIN 发现 f USING (发现) JOIN 报送 b ON b.报送 = f.报送;

-- Which kinds of workbooks answer which wishes of the list: by kind, or by a table in it.
CREATE VIEW 应报对照 AS
SELECT d.单位, d.文件 AS 应报, b.种类, b.报送
FROM 应报 d JOIN 报送 b ON b.单位 = d.单位 AND b.读取 <> '失败'
WHERE b.种类 = d.文件 OR b.种类 LIKE d.文件 || '：%' OR '；' || b.表 || '；' LIKE '%；' || d.文件 || '；%';

-- Who has handed in what, of those that have to and of those that have handed in something. The columns after 主管部门 are 0, 1 or names.
CREATE VIEW 报送情况 AS
SELECT u.单位, u.单位编码, u.单位名称 || CASE WHEN u.单位编码 = '' AND u.文件夹 <> '' THEN '（' || u.文件夹 || '）' ELSE '' END
           AS 单位名称, u.主管部门,
       u.在清单 AS 应报,
       EXISTS (SELECT 1 FROM 报送 b WHERE b.单位 = u.单位 AND b.读取 <> '失败') AS 已报,
       u.在清单 AND NOT EXISTS (SELECT 1 FROM 报送 b WHERE b.单位 = u.单位) AS 未报,
       EXISTS (SELECT 1 FROM 报送 b WHERE b.单位 = u.单位)
           AND NOT EXISTS (SELECT 1 FROM 报送 b WHERE b.单位 = u.单位 AND b.读取 <> '失败') AS 没能读取,
       EXISTS (SELECT 1 FROM 报送 b WHERE b.单位 = u.单位 AND b.读取 <> '失败'
               GROUP BY b.轮次, b.归年度, b.种类 HAVING count(*) > 1) AS 重复,
       NOT u.在清单 AND EXISTS (SELECT 1 FROM 单位 WHERE 在清单) AS 多报,
       u.应报年度 IS NOT NULL AND EXISTS (SELECT 1 FROM 报送 b WHERE b.单位 = u.单位 AND b.读取 <> '失败')
           AND NOT EXISTS (SELECT 1 FROM 报送 b WHERE b.单位 = u.单位 AND b.有效) AS 年度不符,
       u.应报版本 <> '' AND EXISTS (SELECT 1 FROM 报送 b WHERE b.单位 = u.单位 AND b.有效 AND b.版本 <> u.应报版本)
           AS 版本不符,
       coalesce((SELECT group_concat(d.文件, '；') FROM 应报 d WHERE d.单位 = u.单位
                 AND NOT EXISTS (SELECT 1 FROM 应报对照 a WHERE a.单位 = d.单位 AND a.应报 = d.文件)), '') AS 缺的文件,
       coalesce((SELECT group_concat(DISTINCT b.种类) FROM 报送 b WHERE b.单位 = u.单位 AND b.有效
                 AND EXISTS (SELECT 1 FROM 应报 d WHERE d.单位 = u.单位)
                 AND NOT EXISTS (SELECT 1 FROM 应报对照 a WHERE a.报送 = b.报送)), '') AS 多的文件
FROM 单位 u
WHERE u.在清单 OR EXISTS (SELECT 1 FROM 报送 b WHERE b.单位 = u.单位);
