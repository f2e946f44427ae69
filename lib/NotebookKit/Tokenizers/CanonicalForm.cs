using System.Text;

namespace NotebookKit.Tokenizers;

/// <summary>
/// Unicode's canonical forms: NFC, which writes é as one code point, and the decomposition, which writes it as e and an accent. One text
/// then has one spelling, however its author's machine wrote it.
/// </summary>
/// <remarks>
/// .NET's own normalisation leaves everything as it is in the invariant globalization mode, so the same text would give other words on
/// another host; these tables (the canonical mappings and combining classes of Unicode 14, which later versions only add to) do not depend on it.
/// </remarks>
internal static class CanonicalForm
{
    // A second character, then pairs of a first character and what both compose to; groups are separated by spaces.
    private const string Composites =
        "\u0300AÀEÈIÌNǸOÒUÙWẀYỲaàeèiìnǹoòuùwẁyỳ\u00a8\u1fedÂẦÊỀÔỒÜǛâầêềôồüǜĂẰăằĒḔēḕŌṐōṑƠỜơờƯỪưừΑᾺΕῈΗῊΙῚΟῸΥῪΩῺαὰεὲηὴιὶοὸυὺωὼϊῒϋῢЕЀИЍеѐиѝἀἂἁἃἈἊἉἋἐἒἑἓἘἚἙἛἠἢἡἣἨἪἩἫἰἲἱἳἸἺἹἻὀὂὁὃὈὊὉὋὐὒὑὓὙὛὠὢὡὣὨὪὩὫ\u1fbf\u1fcd" +
        "\u1ffe\u1fdd \u0301AÁCĆEÉGǴIÍKḰLĹMḾNŃOÓPṔRŔSŚUÚWẂYÝZŹaácćeégǵiíkḱlĺmḿnńoópṕrŕsśuúwẃyýzź\u00a8\u0385ÂẤÅǺÆǼÇḈÊẾÏḮÔỐÕṌØǾÜǗâấåǻæǽçḉêếïḯôốõṍøǿüǘĂẮăắĒḖēḗŌṒōṓŨṸũṹƠỚơớƯỨưứΑΆΕΈΗΉΙΊΟΌΥΎΩΏαάεέηήιίοόυύωώϊΐϋΰϒϓГЃ" +
        "КЌгѓкќἀἄἁἅἈἌἉἍἐἔἑἕἘἜἙἝἠἤἡἥἨἬἩἭἰἴἱἵἸἼἹἽὀὄὁὅὈὌὉὍὐὔὑὕὙὝὠὤὡὥὨὬὩὭ\u1fbf\u1fce\u1ffe\u1fde \u0302AÂCĈEÊGĜHĤIÎJĴOÔSŜUÛWŴYŶZẐaâcĉeêgĝhĥiîjĵoôsŝuûwŵyŷzẑẠẬạậẸỆẹệỌỘọộ \u0303AÃEẼIĨNÑOÕUŨVṼYỸaãeẽiĩnñoõuũvṽyỹÂẪÊỄÔỖ" +
        "âẫêễôỗĂẴăẵƠỠơỡƯỮưữ \u0304AĀEĒGḠIĪOŌUŪYȲaāeēgḡiīoōuūyȳÄǞÆǢÕȬÖȪÜǕäǟæǣõȭöȫüǖǪǬǫǭȦǠȧǡȮȰȯȱΑᾹΙῙΥῩαᾱιῑυῡИӢУӮиӣуӯḶḸḷḹṚṜṛṝ \u0306AĂEĔGĞIĬOŎUŬaăeĕgğiĭoŏuŭȨḜȩḝΑᾸΙῘΥῨαᾰιῐυῠАӐЕӖЖӁИЙУЎаӑеӗжӂийуўẠẶạặ \u0307AȦBḂCĊDḊ" +
        "EĖFḞGĠHḢIİMṀNṄOȮPṖRṘSṠTṪWẆXẊYẎZŻaȧbḃcċdḋeėfḟgġhḣmṁnṅoȯpṗrṙsṡtṫwẇxẋyẏzżŚṤśṥŠṦšṧſẛṢṨṣṩ \u0308AÄEËHḦIÏOÖUÜWẄXẌYŸaäeëhḧiïoötẗuüwẅxẍyÿÕṎõṏŪṺūṻΙΪΥΫιϊυϋϒϔІЇАӒЕЁЖӜЗӞИӤОӦУӰЧӴЫӸЭӬаӓеёжӝзӟиӥоӧуӱчӵыӹэӭіїӘӚәӛӨӪөӫ" +
        " \u0309AẢEẺIỈOỎUỦYỶaảeẻiỉoỏuủyỷÂẨÊỂÔỔâẩêểôổĂẲăẳƠỞơởƯỬưử \u030aAÅUŮaåuůwẘyẙ \u030bOŐUŰoőuűУӲуӳ \u030cAǍCČDĎEĚGǦHȞIǏKǨLĽNŇOǑRŘSŠTŤUǓZŽaǎcčdďeěgǧhȟiǐjǰkǩlľnňoǒrřsštťuǔzžÜǙüǚƷǮʒǯ \u030fAȀEȄIȈOȌRȐUȔaȁeȅiȉ" +
        "oȍrȑuȕѴѶѵѷ \u0311AȂEȆIȊOȎRȒUȖaȃeȇiȋoȏrȓuȗ \u0313ΑἈΕἘΗἨΙἸΟὈΩὨαἀεἐηἠιἰοὀρῤυὐωὠ \u0314ΑἉΕἙΗἩΙἹΟὉΡῬΥὙΩὩαἁεἑηἡιἱοὁρῥυὑωὡ \u031bOƠUƯoơuư \u0323AẠBḄDḌEẸHḤIỊKḲLḶMṂNṆOỌRṚSṢTṬUỤVṾWẈYỴZẒaạbḅdḍeẹhḥiịkḳlḷmṃnṇoọrṛ" +
        "sṣtṭuụvṿwẉyỵzẓƠỢơợƯỰưự \u0324UṲuṳ \u0325AḀaḁ \u0326SȘTȚsștț \u0327CÇDḐEȨGĢHḨKĶLĻNŅRŖSŞTŢcçdḑeȩgģhḩkķlļnņrŗsştţ \u0328AĄEĘIĮOǪUŲaąeęiįoǫuų \u032dDḒEḘLḼNṊTṰUṶdḓeḙlḽnṋtṱuṷ \u032eHḪhḫ \u0330EḚIḬUṴeḛiḭuṵ" +
        " \u0331BḆDḎKḴLḺNṈRṞTṮZẔbḇdḏhẖkḵlḻnṉrṟtṯzẕ \u0338<\u226e=\u2260>\u226f\u2190\u219a\u2192\u219b\u2194\u21ae\u21d0\u21cd\u21d2\u21cf\u21d4\u21ce\u2203\u2204\u2208\u2209\u220b\u220c\u2223\u2224" +
        "\u2225\u2226\u223c\u2241\u2243\u2244\u2245\u2247\u2248\u2249\u224d\u226d\u2261\u2262\u2264\u2270\u2265\u2271\u2272\u2274\u2273\u2275\u2276\u2278\u2277\u2279\u227a\u2280\u227b\u2281\u227c\u22e0" +
        "\u227d\u22e1\u2282\u2284\u2283\u2285\u2286\u2288\u2287\u2289\u2291\u22e2\u2292\u22e3\u22a2\u22ac\u22a8\u22ad\u22a9\u22ae\u22ab\u22af\u22b2\u22ea\u22b3\u22eb\u22b4\u22ec\u22b5\u22ed \u0342\u00a8\u1fc1" +
        "αᾶηῆιῖυῦωῶϊῗϋῧἀἆἁἇἈἎἉἏἠἦἡἧἨἮἩἯἰἶἱἷἸἾἹἿὐὖὑὗὙὟὠὦὡὧὨὮὩὯ\u1fbf\u1fcf\u1ffe\u1fdf \u0345ΑᾼΗῌΩῼάᾴήῄαᾳηῃωῳώῴἀᾀἁᾁἂᾂἃᾃἄᾄἅᾅἆᾆἇᾇἈᾈἉᾉἊᾊἋᾋἌᾌἍᾍἎᾎἏᾏἠᾐἡᾑἢᾒἣᾓἤᾔἥᾕἦᾖἧᾗἨᾘἩᾙἪᾚἫᾛἬᾜἭᾝἮᾞἯᾟὠᾠὡᾡὢᾢὣᾣὤᾤὥᾥὦᾦὧᾧὨᾨὩᾩὪᾪὫᾫὬᾬὭᾭὮᾮὯᾯὰᾲ" +
        "ὴῂὼῲᾶᾷῆῇῶῷ \u0653\u0627\u0622 \u0654\u0627\u0623\u0648\u0624\u064a\u0626\u06c1\u06c2\u06d2\u06d3\u06d5\u06c0 \u0655\u0627\u0625 \u093cनऩरऱळऴ \u09be\u09c7\u09cb \u09d7\u09c7\u09cc \u0b3e\u0b47\u0b4b" +
        " \u0b56\u0b47\u0b48 \u0b57\u0b47\u0b4c \u0bbe\u0bc6\u0bca\u0bc7\u0bcb \u0bd7ஒஔ\u0bc6\u0bcc \u0c56\u0c46\u0c48 \u0cc2\u0cc6\u0cca \u0cd5\u0cbf\u0cc0\u0cc6\u0cc7\u0cca\u0ccb \u0cd6\u0cc6\u0cc8 \u0d3e" +
        "\u0d46\u0d4a\u0d47\u0d4b \u0d57\u0d46\u0d4c \u0dca\u0dd9\u0dda\u0ddc\u0ddd \u0dcf\u0dd9\u0ddc \u0ddf\u0dd9\u0dde \u102eဥဦ \u1b35ᬅᬆᬇᬈᬉᬊᬋᬌᬍᬎᬑᬒ\u1b3a\u1b3b\u1b3c\u1b3d\u1b3e\u1b40\u1b3f\u1b41\u1b42\u1b43" +
        " \u3099うゔかがきぎくぐけげこごさざしじすずせぜそぞただちぢつづてでとどはばひびふぶへべほぼゝゞウヴカガキギクグケゲコゴサザシジスズセゼソゾタダチヂツヅテデトドハバヒビフブヘベホボワヷヰヸヱヹヲヺヽヾ \u309aはぱひぴふぷへぺほぽハパヒピフプヘペホポ \U000110ba\U00011099\U0001109a\U0001109b\U0001109c" +
        "\U000110a5\U000110ab \U00011127\U00011131\U0001112e\U00011132\U0001112f \U0001133e\U00011347\U0001134b \U00011357\U00011347\U0001134c \U000114b0\U000114b9\U000114bc \U000114ba\U000114b9\U000114bb" +
        " \U000114bd\U000114b9\U000114be \U000115af\U000115b8\U000115ba\U000115b9\U000115bb \U00011930\U00011935\U00011938";

    // What decomposes into two characters and is never composed: it, the first, the second.
    private const string Exclusions =
        "\u0344\u0308\u0301 \u0958क\u093c \u0959ख\u093c \u095aग\u093c \u095bज\u093c \u095cड\u093c \u095dढ\u093c \u095eफ\u093c \u095fय\u093c \u09dcড\u09bc \u09ddঢ\u09bc \u09dfয\u09bc \u0a33ਲ\u0a3c \u0a36ਸ\u0a3c" +
        " \u0a59ਖ\u0a3c \u0a5aਗ\u0a3c \u0a5bਜ\u0a3c \u0a5eਫ\u0a3c \u0b5cଡ\u0b3c \u0b5dଢ\u0b3c \u0f43ག\u0fb7 \u0f4dཌ\u0fb7 \u0f52ད\u0fb7 \u0f57བ\u0fb7 \u0f5cཛ\u0fb7 \u0f69ཀ\u0fb5 \u0f73\u0f71\u0f72" +
        " \u0f75\u0f71\u0f74 \u0f76\u0fb2\u0f80 \u0f78\u0fb3\u0f80 \u0f81\u0f71\u0f80 \u0f93\u0f92\u0fb7 \u0f9d\u0f9c\u0fb7 \u0fa2\u0fa1\u0fb7 \u0fa7\u0fa6\u0fb7 \u0fac\u0fab\u0fb7 \u0fb9\u0f90\u0fb5" +
        " \u2adc\u2add\u0338 \ufb1d\u05d9\u05b4 \ufb1f\u05f2\u05b7 \ufb2a\u05e9\u05c1 \ufb2b\u05e9\u05c2 \ufb2c\ufb49\u05c1 \ufb2d\ufb49\u05c2 \ufb2e\u05d0\u05b7 \ufb2f\u05d0\u05b8 \ufb30\u05d0\u05bc" +
        " \ufb31\u05d1\u05bc \ufb32\u05d2\u05bc \ufb33\u05d3\u05bc \ufb34\u05d4\u05bc \ufb35\u05d5\u05bc \ufb36\u05d6\u05bc \ufb38\u05d8\u05bc \ufb39\u05d9\u05bc \ufb3a\u05da\u05bc \ufb3b\u05db\u05bc" +
        " \ufb3c\u05dc\u05bc \ufb3e\u05de\u05bc \ufb40\u05e0\u05bc \ufb41\u05e1\u05bc \ufb43\u05e3\u05bc \ufb44\u05e4\u05bc \ufb46\u05e6\u05bc \ufb47\u05e7\u05bc \ufb48\u05e8\u05bc \ufb49\u05e9\u05bc" +
        " \ufb4a\u05ea\u05bc \ufb4b\u05d5\u05b9 \ufb4c\u05d1\u05bf \ufb4d\u05db\u05bf \ufb4e\u05e4\u05bf \U0001d15e\U0001d157\U0001d165 \U0001d15f\U0001d158\U0001d165 \U0001d160\U0001d15f\U0001d16e" +
        " \U0001d161\U0001d15f\U0001d16f \U0001d162\U0001d15f\U0001d170 \U0001d163\U0001d15f\U0001d171 \U0001d164\U0001d15f\U0001d172 \U0001d1bb\U0001d1b9\U0001d165 \U0001d1bc\U0001d1ba\U0001d165" +
        " \U0001d1bd\U0001d1bb\U0001d16e \U0001d1be\U0001d1bc\U0001d16e \U0001d1bf\U0001d1bb\U0001d16f \U0001d1c0\U0001d1bc\U0001d16f";

    // What is another character: it, the other.
    private const string Singletons =
        "\u0340\u0300\u0341\u0301\u0343\u0313\u0374ʹ\u037e\u003b\u0387\u00b7\u1f71ά\u1f73έ\u1f75ή\u1f77ί\u1f79ό\u1f7bύ\u1f7dώ\u1fbbΆ\u1fbeι\u1fc9Έ\u1fcbΉ\u1fd3ΐ\u1fdbΊ\u1fe3ΰ\u1febΎ\u1fee\u0385\u1fef\u0060" +
        "\u1ff9Ό\u1ffbΏ\u1ffd\u00b4\u2000\u2002\u2001\u2003\u2126Ω\u212aK\u212bÅ\u2329\u3008\u232a\u3009";

    // Compatibility ideographs in runs: the first of a run, then what it and those after it are.
    private const string Ideographs =
        "\uf900豈更車賈滑串句龜龜契金喇奈懶癩羅蘿螺裸邏樂洛烙珞落酪駱亂卵欄爛蘭鸞嵐濫藍襤拉臘蠟廊朗浪狼郎來冷勞擄櫓爐盧老蘆虜路露魯鷺碌祿綠菉錄鹿論壟弄籠聾牢磊賂雷壘屢樓淚漏累縷陋勒肋凜凌稜綾菱陵讀拏樂諾丹寧怒率異北磻便復不泌數索參塞省葉說殺辰沈拾若掠略亮兩凉梁糧良諒量勵呂女廬旅濾礪閭驪麗黎力曆歷轢年憐戀撚漣煉璉秊練聯輦蓮連鍊列劣咽烈裂說廉念捻殮簾獵令囹寧嶺怜玲瑩羚聆鈴零靈領例禮醴隸惡了僚寮尿料樂燎療" +
        "蓼遼龍暈阮劉杻柳流溜琉留硫紐類六戮陸倫崙淪輪律慄栗率隆利吏履易李梨泥理痢罹裏裡里離匿溺吝燐璘藺隣鱗麟林淋臨立笠粒狀炙識什茶刺切度拓糖宅洞暴輻行降見廓兀嗀 \ufa10塚 \ufa12晴 \ufa15凞猪益礼神祥福靖精羽 \ufa20蘒 \ufa22諸 \ufa25逸都 \ufa2a飯飼館鶴郞隷侮僧免勉勤卑喝嘆器塀墨層屮悔慨憎懲敏既暑梅海渚漢煮爫琢碑社祉祈祐祖祝禍禎穀突節練縉繁署者臭艹艹著褐視謁謹賓" +
        "贈辶逸難響頻恵\U000242ee舘 \ufa70並况全侀充冀勇勺喝啕喙嗢塚墳奄奔婢嬨廒廙彩徭惘慎愈憎慠懲戴揄搜摒敖晴朗望杖歹殺流滛滋漢瀞煮瞧爵犯猪瑱甆画瘝瘟益盛直睊着磌窱節类絛練缾者荒華蝹襁覆視調諸請謁諾諭謹變贈輸遲醙鉶陼難靖韛響頋頻鬒龜\U0002284a\U00022844\U000233d5㮝䀘䀹\U00025249\U00025cd0\U00027ed3齃龎 \U0002f800丽丸乁" +
        "\U00020122你侮侻倂偺備僧像㒞\U0002063a免兔兤具\U0002051c㒹內再\U0002054b冗冤仌冬况\U000291df凵刃㓟刻剆割剷㔕勇勉勤勺包匆北卉卑博即卽卿卿卿\U00020a2c灰及叟\U00020b63叫叱吆咞吸呈周咢哶唐啓啣善善喙喫喳嗂圖嘆圗噑噴切壮城埴堍型堲報墬\U000214e4売壷夆多夢奢\U000216a8\U000216ea姬娛娧姘婦㛮㛼嬈嬾嬾" +
        "\U000219c8寃寘寧寳\U00021b18寿将当尢㞁屠屮峀岍\U00021de4嵃\U00021de6嵮嵫嵼巡巢㠯巽帨帽幩㡢\U00022183㡼庰庳庶廊\U0002a392廾\U00022331\U00022331舁弢弢㣇\U000232b8\U000261da形彫㣣徚忍志忹悁㤺㤜悔\U000226d4惇慈慌慎慌慺憎憲憤憯懞懲懶成戛扝抱拔捐\U00022b0c挽拼捨掃揤\U00022bf1" +
        "搢揅掩㨮摩摾撝摷㩬敏敬\U0002300a旣書晉㬙暑㬈㫤冒冕最暜肭䏙朗望朡杞杓\U000233c3㭉柺枅桒梅\U0002346d梎栟椔㮝楂榣槪檨\U000236a3櫛㰘次\U000238a7歔㱎歲殟殺殻\U00023a8d\U00021d0b\U00023afa汎\U00023cbc沿泍汧洖派海流浩浸涅\U00023d1e洴港湮㴳滋滇\U00023ed1淹潮\U00023f5e\U00023f8e" +
        "濆瀹瀞瀛㶖灊災灷炭\U00020525煅\U00024263熜\U000243ab爨爵牐\U00024608犀犕\U00024735\U00024814獺王㺬玥㺸㺸瑇瑜瑱璅瓊㼛甤\U00024c36甾\U00024c92異\U0002219f瘐\U00024fa1\U00024fb8\U00025044㿼䀈直\U000250f3\U000250f2\U00025119\U00025133眞真真睊䀹" +
        "瞋䁆䂖\U0002541d硎碌磌䃣\U00025626祖\U0002569a\U000256c5福秫䄯穀穊穏\U0002597c\U00025aa7\U00025aa7竮䈂\U00025bab篆築䈧\U00025c80糒䊠糨糣紀\U00025f86絣䌁緇縂繅䌴\U00026228\U00026247䍙\U000262d9罺\U0002633e羕翺者\U000264da\U00026523聠" +
        "\U000265a8聰\U0002335f䏕育脃䐋脾媵\U000267a7\U000267b5\U00023393\U0002339c舁舄辞䑫芑芋芝劳花芳芽苦\U00026b3c若茝荣莭茣莽菧著荓菊菌菜\U00026c36\U00026d6b\U00026cd5䔫蓱蓳蔖\U000273ca蕤\U00026f2c䕝䕡\U00026fb1\U000270d2䕫虐虜虧虩蚩蚈蜎蛢蝹蜨蝫螆䗗蟡蠁䗹衠衣" +
        "\U00027667裗裞䘵裺㒻\U000278ae\U00027966䚾䛇誠諭變豕\U00027ca8貫賁贛起\U00027f2f\U00020804跋趼跰\U000208de軔輸\U000285d2\U000285ed邔郱鄑\U0002872e鄛鈸鋗鋘鉼鏹鐕\U00028bfa開䦕閷\U00028d77䧦雃嶲霣\U00029145\U0002921a䩮䩶韠\U0002940a䪲" +
        "\U00029496頋頋頩\U000295b6飢䬳餩馧駂駾䯎\U00029b30鬒鱀鳽䳎䳭鵧\U0002a0ce䳸\U0002a105\U0002a20e\U0002a291麻䵖黹黾鼅鼏鼖鼻\U0002a600";

    // Combining classes other than 0, and which characters have them (hexadecimal).
    private const string Classes =
        "1:334-338,1cd4,1ce2-1ce8,20d2-20d3,20d8-20da,20e5-20e6,20ea-20eb,10a39,16af0-16af4,1bc9e,1d167-1d169 6:16ff0-16ff1 7:93c,9bc,a3c,abc,b3c,c3c,cbc,1037,1b34,1be6,1c37,a9b3,110ba,11173,111ca,11236,112e9" +
        ",1133b-1133c,11446,114c3,115c0,116b7,1183a,11943,11d42,1e94a 8:3099-309a 9:94d,9cd,a4d,acd,b4d,bcd,c4d,ccd,d3b-d3c,d4d,dca,e3a,eba,f84,1039-103a,1714-1715,1734,17d2,1a60,1b44,1baa-1bab,1bf2-1bf3,2d7f" +
        ",a806,a82c,a8c4,a953,a9c0,aaf6,abed,10a3f,11046,11070,1107f,110b9,11133-11134,111c0,11235,112ea,1134d,11442,114c2,115bf,1163f,116b6,1172b,11839,1193d-1193e,119e0,11a34,11a47,11a99,11c3f,11d44-11d45" +
        ",11d97 10:5b0 11:5b1 12:5b2 13:5b3 14:5b4 15:5b5 16:5b6 17:5b7 18:5b8,5c7 19:5b9-5ba 20:5bb 21:5bc 22:5bd 23:5bf 24:5c1 25:5c2 26:fb1e 27:64b,8f0 28:64c,8f1 29:64d,8f2 30:618,64e 31:619,64f 32:61a,650" +
        " 33:651 34:652 35:670 36:711 84:c55 91:c56 103:e38-e39 107:e48-e4b 118:eb8-eb9 122:ec8-ecb 129:f71 130:f72,f7a-f7d,f80 132:f74 202:321-322,327-328,1dd0 214:1dce 216:31b,f39,1d165-1d166,1d16e-1d172" +
        " 218:1dfa,302a 220:316-319,31c-320,323-326,329-333,339-33c,347-349,34d-34e,353-356,359-35a,591,596,59b,5a2-5a7,5aa,5c5,655-656,65c,65f,6e3,6ea,6ed,731,734,737-739,73b-73c,73e,742,744,746,748,7f2,7fd" +
        ",859-85b,899-89b,8cf-8d3,8e3,8e6,8e9,8ed-8ef,8f6,8f9-8fa,952,f18-f19,f35,f37,fc6,108d,193b,1a18,1a7f,1ab5-1aba,1abd,1abf-1ac0,1ac3-1ac4,1aca,1b6c,1cd5-1cd9,1cdc-1cdf,1ced,1dc2,1dca,1dcf,1df9,1dfd,1dff" +
        ",20e8,20ec-20ef,a92b-a92d,aab4,fe27-fe2d,101fd,102e0,10a0d,10a3a,10ae6,10f46-10f47,10f4b,10f4d-10f50,10f83,10f85,1d17b-1d182,1d18a-1d18b,1e8d0-1e8d6 222:59a,5ad,1939,302d 224:302e-302f 226:1d16d 228:" +
        "5ae,18a9,1df7-1df8,302b 230:300-314,33d-344,346,34a-34c,350-352,357,35b,363-36f,483-487,592-595,597-599,59c-5a1,5a8-5a9,5ab-5ac,5af,5c4,610-617,653-654,657-65b,65d-65e,6d6-6dc,6df-6e2,6e4,6e7-6e8" +
        ",6eb-6ec,730,732-733,735-736,73a,73d,73f-741,743,745,747,749-74a,7eb-7f1,7f3,816-819,81b-823,825-827,829-82d,898,89c-89f,8ca-8ce,8d4-8e1,8e4-8e5,8e7-8e8,8ea-8ec,8f3-8f5,8f7-8f8,8fb-8ff,951,953-954,9fe" +
        ",f82-f83,f86-f87,135d-135f,17dd,193a,1a17,1a75-1a7c,1ab0-1ab4,1abb-1abc,1ac1-1ac2,1ac5-1ac9,1acb-1ace,1b6b,1b6d-1b73,1cd0-1cd2,1cda-1cdb,1ce0,1cf4,1cf8-1cf9,1dc0-1dc1,1dc3-1dc9,1dcb-1dcc,1dd1-1df5" +
        ",1dfb,1dfe,20d0-20d1,20d4-20d7,20db-20dc,20e1,20e7,20e9,20f0,2cef-2cf1,2de0-2dff,a66f,a674-a67d,a69e-a69f,a6f0-a6f1,a8e0-a8f1,aab0,aab2-aab3,aab7-aab8,aabe-aabf,aac1,fe20-fe26,fe2e-fe2f,10376-1037a" +
        ",10a0f,10a38,10ae5,10d24-10d27,10eab-10eac,10f48-10f4a,10f4c,10f82,10f84,11100-11102,11366-1136c,11370-11374,1145e,16b30-16b36,1d185-1d189,1d1aa-1d1ad,1d242-1d244,1e000-1e006,1e008-1e018,1e01b-1e021" +
        ",1e023-1e024,1e026-1e02a,1e130-1e136,1e2ae,1e2ec-1e2ef,1e944-1e949 232:315,31a,358,1df6,302c 233:35c,35f,362,1dfc 234:35d-35e,360-361,1dcd 240:345";

    // Hangul syllables are computed: leading consonant × vowel × trailing consonant or none (The Unicode Standard, section 3.12).
    private const int FirstSyllable = 0xAC00, LeadBase = 0x1100, VowelBase = 0x1161, TrailBase = 0x11A7, Leads = 19, Vowels = 21, Trails = 28, Syllables = Leads * Vowels * Trails;

    private static readonly Dictionary<(Rune First, Rune Second), Rune> Composed = [];
    private static readonly Dictionary<Rune, Rune[]> Decomposed = [];
    private static readonly Dictionary<int, byte> ClassOf = [];

    static CanonicalForm()
    {
        foreach (var group in Composites.Split(' ').Select(group => group.EnumerateRunes().ToArray()))
        {
            for (int i = 1; i < group.Length; i += 2)
            {
                Composed[(group[i], group[0])] = group[i + 1];
                Decomposed[group[i + 1]] = [group[i], group[0]];
            }
        }
        foreach (var exclusion in Exclusions.Split(' ').Select(exclusion => exclusion.EnumerateRunes().ToArray())) Decomposed[exclusion[0]] = exclusion[1..];
        foreach (var single in Singletons.EnumerateRunes().Chunk(2)) Decomposed[single[0]] = single[1..];
        foreach (var run in Ideographs.Split(' ').Select(run => run.EnumerateRunes().ToArray()))
            for (int i = 1; i < run.Length; i++) Decomposed[new(run[0].Value + i - 1)] = [run[i]];
        // A mapping may itself be decomposed.
        foreach (var composed in Decomposed.Keys.ToArray()) Decomposed[composed] = [.. Full(composed)];
        foreach (string[] group in Classes.Split(' ').Select(group => group.Split(':', ',')))
        {
            foreach (string[] range in group.Skip(1).Select(range => range.Split('-')))
                for (int c = Convert.ToInt32(range[0], 16); c <= Convert.ToInt32(range[^1], 16); c++) ClassOf[c] = byte.Parse(group[0], System.Globalization.CultureInfo.InvariantCulture);
        }

        static IEnumerable<Rune> Full(Rune rune) => Decomposed.TryGetValue(rune, out var parts) ? parts.SelectMany(Full) : [rune];
    }

    /// <summary>The code points that one code point decomposes into, in order; itself when it does not.</summary>
    /// <param name="rune">Any code point.</param>
    /// <param name="parts">Room for four.</param>
    /// <returns>How many there are.</returns>
    public static int Decompose(Rune rune, Span<Rune> parts)
    {
        int syllable = rune.Value - FirstSyllable;
        if ((uint)syllable < Syllables)
        {
            parts[0] = new(LeadBase + (syllable / (Vowels * Trails)));
            parts[1] = new(VowelBase + (syllable / Trails % Vowels));
            if (syllable % Trails == 0) return 2;
            parts[2] = new(TrailBase + (syllable % Trails));
            return 3;
        }
        if (Decomposed.TryGetValue(rune, out var found))
        {
            found.CopyTo(parts);
            return found.Length;
        }
        parts[0] = rune;
        return 1;
    }

    /// <summary>Brings code points to NFC.</summary>
    public static void Compose(List<Rune> text)
    {
        // Nothing below U+0300 combines with what is before it or decomposes.
        if (!text.Exists(rune => rune.Value >= 0x300)) return;
        List<Rune> parts = [];
        Span<Rune> of = stackalloc Rune[4];
        foreach (var rune in text) parts.AddRange(of[..Decompose(rune, of)]);
        for (int i = 1; i < parts.Count; i++)
        {
            // Marks between two starters stand in the order of their classes.
            for (int j = i; j > 0 && Class(parts[j]) is > 0 and byte c && Class(parts[j - 1]) > c; j--) (parts[j - 1], parts[j]) = (parts[j], parts[j - 1]);
        }
        text.Clear();
        int starter = -1, last = 0;
        foreach (var rune in parts)
        {
            // A mark reaches the starter when no mark of its class or a higher one, and no other starter, is between them.
            int own = Class(rune);
            bool reaches = starter >= 0 && (starter == text.Count - 1 || (last != 0 && last < own));
            if (reaches && Pair(text[starter], rune) is { } composed)
            {
                text[starter] = composed;
                continue;
            }
            if (own == 0) starter = text.Count;
            last = own;
            text.Add(rune);
        }
    }

    private static Rune? Pair(Rune first, Rune second)
    {
        int lead = first.Value - LeadBase, vowel = second.Value - VowelBase, syllable = first.Value - FirstSyllable, trail = second.Value - TrailBase;
        if ((uint)lead < Leads && (uint)vowel < Vowels) return new(FirstSyllable + (((lead * Vowels) + vowel) * Trails));
        if ((uint)syllable < Syllables && syllable % Trails == 0 && trail is > 0 and < Trails) return new(first.Value + trail);
        return Composed.TryGetValue((first, second), out var composed) ? composed : null;
    }

    private static byte Class(Rune rune) => ClassOf.GetValueOrDefault(rune.Value);
}
