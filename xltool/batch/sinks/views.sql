-- Views for analysis, in every DuckDB database of a batch; docs/queries.md explains them.
-- A statement: its name, its words after "--:", its query. All of them stand on 分析_每单位 and `amounts`.

--: 分析_每单位 每个单位、年度、每种工作簿取一份：内容不同的几份里文件名排在最后的；同名的单位按单位编码或文件夹分开
SELECT 文件, 单位名称, coalesce(单位编码, '') AS 单位编码,
       coalesce(单位编码, regexp_extract(文件, '^(.*)/[^/]*$', 1)) AS 何处, 年度, 版本, 表
FROM books
WHERE 状态 <> '失败' AND 单位名称 IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY 单位名称, 何处, 年度, 版本, 表 ORDER BY 文件 DESC) = 1;

--: 分析_收支 每个单位、年度的本年收入、本年支出、年末结转和结余（万元）；取不准的（同一年度有不同的数）不在其中
SELECT u.单位名称, u.单位编码, a.年度, any_value(a.文件) AS 文件,
       any_value(万元) FILTER (行 = '本年收入合计' AND 列 = '收入') AS 本年收入,
       any_value(万元) FILTER (行 = '本年支出合计' AND 列 = '支出') AS 本年支出,
       any_value(万元) FILTER (行 = '年末结转和结余' AND 列 = '支出') AS 年末结转结余
FROM 分析_每单位 u JOIN amounts a USING (文件)
WHERE a.表 = '收入支出决算总表'
GROUP BY u.单位名称, u.单位编码, u.何处, a.年度, a.版本
QUALIFY count(*) OVER (PARTITION BY u.单位名称, coalesce(nullif(u.单位编码, ''), u.单位名称), a.年度) = 1;

--: 分析_增减 与上年比：本年支出的增减，和它离各单位中间水平有多远（离群度，绝对值大于 3.5 算突出；不到 8 个单位的不算）
WITH 两年 AS (
    SELECT n.单位名称, n.单位编码, n.年度, n.文件, o.本年支出 AS 上年支出, n.本年支出,
           n.本年支出 - o.本年支出 AS 增减,
           round(100 * (n.本年支出 - o.本年支出) / nullif(o.本年支出, 0), 1) AS 增减百分比
    FROM 分析_收支 n JOIN 分析_收支 o
      ON n.年度 = o.年度 + 1 AND n.单位名称 = o.单位名称
     AND (n.单位编码 = o.单位编码 OR n.单位编码 = '' OR o.单位编码 = '')
    WHERE n.本年支出 IS NOT NULL AND o.本年支出 IS NOT NULL
), 水平 AS (
    SELECT 年度, median(增减百分比) AS 中间, mad(增减百分比) AS 散布, count(增减百分比) AS 单位数
    FROM 两年 GROUP BY 年度
)
SELECT 两年.*, CASE WHEN 单位数 >= 8 AND 散布 > 0 THEN round(0.6745 * (增减百分比 - 中间) / 散布, 1) END AS 离群度
FROM 两年 JOIN 水平 USING (年度);

--: 分析_支出结构 每个单位各类支出占本年支出的比重，和它离各单位中间水平有多远（只在有这一类的单位之间比）
WITH 各类 AS (
    SELECT u.单位名称, u.单位编码, a.年度, a.文件, a.科目编码, any_value(a.科目名称) AS 科目名称, max(a.万元) AS 万元
    FROM 分析_每单位 u JOIN amounts a USING (文件)
    WHERE a.表 = '支出决算表' AND a.行 = '明细' AND a.列 = '本年支出合计' AND length(a.科目编码) = 3
    GROUP BY ALL
), 占比 AS (
    SELECT *, sum(万元) OVER (PARTITION BY 文件) AS 本年支出,
           round(100 * 万元 / nullif(sum(万元) OVER (PARTITION BY 文件), 0), 1) AS 百分比
    FROM 各类
), 水平 AS (
    SELECT 年度, 科目编码, median(百分比) AS 中间, mad(百分比) AS 散布, count(百分比) AS 单位数
    FROM 占比 GROUP BY 年度, 科目编码
)
SELECT 占比.*, round(中间, 1) AS 各单位中间,
       CASE WHEN 单位数 >= 8 AND 散布 > 0 THEN round(0.6745 * (百分比 - 中间) / 散布, 1) END AS 离群度
FROM 占比 JOIN 水平 USING (年度, 科目编码);

--: 分析_其他支出 每个单位“其他支出”（229 类）占本年支出的比重；没有这一类的是 0 行
SELECT 单位名称, 单位编码, 年度, 文件, 万元 AS 其他支出, 本年支出, 百分比
FROM 分析_支出结构 WHERE 科目编码 = '229';

--: 分析_三公 每个单位、年度的“三公”经费：预算数、决算数、上年决算数、增减（万元）
WITH 各年 AS (
    SELECT u.单位名称, u.单位编码, a.年度, any_value(a.文件) AS 文件,
           max(a.万元) FILTER (a.行 = '预算数') AS 预算数, max(a.万元) FILTER (a.行 = '决算数') AS 决算数
    FROM 分析_每单位 u JOIN amounts a USING (文件)
    WHERE a.表 LIKE '%“三公”经费支出决算表' AND a.列 = '合计'
    GROUP BY u.单位名称, u.单位编码, u.何处, a.年度
    QUALIFY count(*) OVER (PARTITION BY u.单位名称, coalesce(nullif(u.单位编码, ''), u.单位名称), a.年度) = 1
)
SELECT n.*, o.决算数 AS 上年决算数, n.决算数 - o.决算数 AS 增减,
       round(100 * (n.决算数 - o.决算数) / nullif(o.决算数, 0), 1) AS 增减百分比
FROM 各年 n LEFT JOIN 各年 o
  ON n.年度 = o.年度 + 1 AND n.单位名称 = o.单位名称
 AND (n.单位编码 = o.单位编码 OR n.单位编码 = '' OR o.单位编码 = '');

--: 分析_审核覆盖 每条规则适用于几份工作簿，其中几份真正比对过，几份没有（缺数、没有上年数）
SELECT 规则, any_value(规则名称) AS 规则名称, any_value(级别) AS 级别, count(*) FILTER (结论 <> '不适用') AS 适用,
       count(*) FILTER (结论 IN ('通过', '不符', '尾差')) AS 已比对, count(*) FILTER (结论 = '不符') AS 不符,
       count(*) FILTER (结论 = '数据不足') AS 数据不足, count(*) FILTER (结论 = '未执行') AS 未执行
FROM outcomes GROUP BY 规则;
