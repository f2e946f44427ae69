using System.Net;
using System.Text;
using System.Xml.Linq;
using AngleSharp.Html.Parser;
using NotebookKit.Display;
using NotebookKit.Pmi;

namespace NotebookKit.Tests.Display;

public sealed class StoryTests
{
    private sealed record Settings(int Layers = 12, double Rate = 1e-4, string Data = "Wikipedia", bool Tied = true);

    private static readonly Settings Paper = new(), Here = new(Layers: 2, Data: "a <small> text");

    [Fact]
    public void A_card_shows_both_sides_and_marks_what_differs()
    {
        var card = Card.Of("Pre-training", Paper, Here, ("layers", s => s.Layers), ("rate", s => s.Rate), ("data", s => s.Data), ("tied", s => s.Tied)).With("minutes", null, 14);
        var html = new HtmlParser().ParseDocument(card.ToHtml());
        Assert.Equal(["", "paper", "here"], html.QuerySelectorAll("thead th").Select(e => e.TextContent));
        Assert.Equal(["2", "a <small> text"], html.QuerySelectorAll("strong").Select(e => e.TextContent));
        Assert.Equal(["–", "14"], html.QuerySelectorAll("tr:last-child td").Select(e => e.TextContent));
        Assert.Equal(
            """
            Pre-training
                     paper      here
            layers   12         2 *
            rate     1e−4       1e−4
            data     Wikipedia  a <small> text *
            tied     yes        yes
            minutes  –          14
            """.ReplaceLineEndings("\n"),
            card.ToString());
        Assert.Contains("2 values for 3 columns", Assert.Throws<ArgumentException>(() => new Card("", ["paper", "code", "here"], ("rate", [1, 2]))).Message);
    }

    [Fact]
    public void A_conclusion_leaves_out_what_the_data_do_not_say()
    {
        var conclusion = new Conclusion("PMI < span.", "", "The rest is open.");
        Assert.Equal("What this shows. PMI < span. The rest is open.", conclusion.ToString());
        Assert.Contains("PMI &lt; span. The rest is open.", conclusion.ToHtml());
    }

    [Fact]
    public void A_predictions_answer_is_folded_and_its_options_are_lettered()
    {
        var prediction = new Prediction("Which leaks least?", ["whole word", "random span"], "Random span: <nothing> near it is visible.");
        var html = new HtmlParser().ParseDocument(prediction.ToHtml());
        Assert.Equal(["A. whole word", "B. random span"], html.QuerySelectorAll("li").Select(e => e.TextContent));
        Assert.False(html.QuerySelector("details")!.HasAttribute("open"));
        Assert.Equal(prediction.Answer, html.QuerySelector("details p")!.TextContent);
        Assert.EndsWith("B. random span\n\n\n\nAnswer: " + prediction.Answer, prediction.ToString());
    }

    [Fact]
    public void What_is_printed_of_the_library_is_what_was_compiled()
    {
        var listing = Source.Of(typeof(MaskingVocabulary), nameof(MaskingVocabulary.Take));
        var file = File.ReadAllText(Path.Combine(CheckoutFolder.Root, "lib", "NotebookKit", "Pmi", "MaskingVocabulary.cs"));
        Assert.All(listing.Code.Split('\n'), line => Assert.Contains(line.Trim(), file));
        Assert.StartsWith("public ", listing.Code.Split('\n').First(l => !l.StartsWith("//")));
        Assert.NotEmpty(listing.Summary);
        Assert.DoesNotContain('<', listing.Summary);
        Assert.DoesNotContain("///", listing.Code);
    }

    [Theory]
    [MemberData(nameof(PublicMethods))]
    public void Every_public_method_of_the_kernels_can_be_shown_whole(Type type, string member)
    {
        var code = Source.Of(type, member).Code;
        Assert.Equal(Count(code, '{'), Count(code, '}'));
        Assert.Equal(Count(code, '('), Count(code, ')'));
        Assert.Matches(@"[;}]$", code);

        static int Count(string code, char c) => string.Join('\n', code.Split('\n').Select(l => System.Text.RegularExpressions.Regex.Replace(l, @"//.*|'(\\.|[^'])'|\$?@?""(\\.|[^""])*""", ""))).Count(x => x == c);
    }

    public static TheoryData<Type, string> PublicMethods()
    {
        TheoryData<Type, string> data = [];
        foreach (var type in typeof(MaskingVocabulary).Assembly.GetExportedTypes().Where(t => t.Namespace is "NotebookKit.Pmi" or "NotebookKit.Mend" && t is { IsEnum: false, IsInterface: false }))
            foreach (var name in type.GetMethods(System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.DeclaredOnly)
                .Where(m => !m.IsSpecialName && !m.Name.StartsWith('<') && m.GetCustomAttributes(false).All(a => a is not System.Runtime.CompilerServices.CompilerGeneratedAttribute)).Select(m => m.Name).Distinct())
                data.Add(type, name);
        return data;
    }

    [Fact]
    public void A_listing_names_what_it_does_not_find_and_can_be_cut()
    {
        Assert.Contains("it has ", Assert.Throws<ArgumentException>(() => Source.Of(typeof(MaskingVocabulary), "Tak")).Message);
        Assert.Contains("carries no source", Assert.Throws<ArgumentException>(() => Source.Of<StoryTests>("A")).Message);
        var listing = new Listing("T.M", "int M()\n{\n    // a < b\n    return 1;\n}");
        Assert.Equal("…\n    // a < b\n    return 1;\n…", listing.Part("// a", "return").Code);
        Assert.Throws<ArgumentException>(() => listing.Part("// b", "return"));
        var html = listing.Beside(@"a < b").ToHtml();
        Assert.Contains("<span class=\"nbk-tex\">$$a &lt; b$$</span>", html);
        Assert.Contains("<em>// a &lt; b</em>", html);
    }

    [Fact]
    public void A_chain_breaks_where_its_number_is_lowest()
    {
        var chain = Diagram.Chain("It breaks.", [(["new", "york city"], 3.25), (["new york", "city"], -1.5), (["new", "york", "city"], 4)], "PMI of the cut");
        Assert.Equal("It breaks.\nPMI of the cut: new | york city: 3.25; new york | city: −1.50 (weakest); new | york | city: 4.00", chain.ToString());
        var svg = XDocument.Parse(chain.ToSvg());
        XNamespace ns = "http://www.w3.org/2000/svg";
        Assert.Equal(2, svg.Descendants(ns + "line").Count(l => (string?)l.Attribute("class") == "broken"));
        Assert.Contains(svg.Descendants(ns + "text"), t => t.Value == "−1.50  ← weakest");
    }

    [Fact]
    public void Diagrams_are_pictures_of_their_own_with_their_words_as_alternative()
    {
        Diagram[] all =
        [
            Diagram.Flow("u and δ become an update.", [new("u", "u", 0), new("d", "δ", 0, 1), new("net", "two low-rank\nblocks", 1, 0, Color: 2)], [new("u", "net", "normalised"), new("d", "net")]),
            Diagram.Chain("A chain.", [(["a", "<b>"], 1)], "PMI"),
            Diagram.Rings("Three distances.", ("task", ["here: same type", "paper: RTE & CB"]), ("wording", ["here: 5 prompts"])),
        ];
        Assert.All(all, diagram =>
        {
            var image = new HtmlParser().ParseDocument(diagram.ToHtml()).QuerySelector("img")!;
            Assert.Equal(diagram.ToString(), diagram.Caption + "\n" + image.GetAttribute("alt"));
            var source = image.GetAttribute("src")!;
            Assert.StartsWith("data:image/svg+xml;base64,", source);
            Assert.Equal(diagram.ToSvg(), Encoding.UTF8.GetString(Convert.FromBase64String(source.Split(',')[1])));
            Assert.Contains("prefers-color-scheme:dark", diagram.ToSvg());
            Assert.NotNull(XDocument.Parse(diagram.ToSvg()).Root);
        });
        Assert.Contains("normalised", all[0].ToString());
        Assert.Contains("'x'; there are a", Assert.Throws<ArgumentException>(() => Diagram.Flow("", [new("a", "a", 0)], [new("a", "x")])).Message);
    }

    [Fact]
    public void Rows_beyond_the_twelfth_are_folded_with_the_same_columns()
    {
        var table = Enumerable.Range(1, 30).ToFrame(("n", n => n), ("square", n => n * n)).AsTable("Squares.");
        var html = new HtmlParser().ParseDocument(table.ToHtml());
        Assert.Equal(12, html.QuerySelectorAll("table")[0].QuerySelectorAll("tbody tr").Length);
        Assert.Equal("18 more rows", html.QuerySelector("details summary")!.TextContent);
        Assert.Equal(["n", "square"], html.QuerySelectorAll("details thead th").Select(e => e.TextContent));
        Assert.Equal("900", html.QuerySelector("details tbody tr:last-child td:last-child")!.TextContent);
        Assert.Contains("… 18 more of 30 rows", table.ToString());
        Assert.DoesNotContain("details", table.WithOpenRows(30).ToHtml());
    }

    [Fact]
    public void Fewer_than_five_observations_make_no_box()
    {
        var samples = Enumerable.Range(0, 5).Select(i => new Sample("many", i)).Append(new("few", 1)).Append(new("few", 2));
        var data = Draw.Boxes(samples, "y", "c").ToPlotly()["data"]!.AsArray();
        Assert.Equal([5, 2], data.Select(t => t!["y"]!.AsArray().Count));
        Assert.Equal(["1.5", "0"], data.Select(t => t!["line"]!["width"]!.ToJsonString()));
    }

    [Fact]
    public void Ticks_stand_at_the_measured_places_unless_they_would_touch()
    {
        double[] sizes = [1, 5, 25, 75, 125];
        Assert.Equal(sizes, Ticks(Draw.Curves([new Curve("a", sizes, sizes)], "x", "y", "c", logX: true))!);
        Assert.Equal([150, 300, 450], Ticks(Draw.Curves([new Curve("a", [150, 300, 450], [1, 2, 3])], "x", "y", "c"))!);
        Assert.Null(Ticks(Draw.Curves([new Curve("a", [1, 2, 1000], [1, 2, 3])], "x", "y", "c")));
        Assert.Null(Ticks(Draw.Curves([new Curve("a", [.. Enumerable.Range(1, 40).Select(i => (double)i)], [.. Enumerable.Range(1, 40).Select(i => (double)i)])], "x", "y", "c")));

        static double[]? Ticks(Figure figure) => figure.ToPlotly()["layout"]!["xaxis"]!["tickvals"]?.AsArray().Select(v => (double)v!).ToArray();
    }

    [Fact]
    public void Scores_stand_in_panels_in_one_order_with_the_lines_they_are_read_against()
    {
        var figure = Draw.Scores(
            [new("subject", "PMI", 60, 2), new("subject", "random", 55, 1), new("order", "random", 52, 3), new("order", "PMI", 70, double.NaN)],
            "accuracy, %", "Both are above chance.", new Reference("order", 50, "chance"), new Reference("subject", 74, "bag of words"));
        var layout = figure.ToPlotly()["layout"]!;
        foreach (var axis in new[] { "yaxis", "yaxis2" }) Assert.Equal(["random", "PMI"], layout[axis]!["categoryarray"]!.AsArray().Select(c => (string)c!));
        Assert.Equal([("x2", 50.0), ("x", 74.0)], layout["shapes"]!.AsArray().Select(s => ((string)s!["xref"]!, (double)s["x0"]!)).OrderBy(s => s.Item2));
        Assert.Contains("bag of words", layout["annotations"]!.ToJsonString());
        // Each series has its own marker, the same in every panel.
        var markers = figure.ToPlotly()["data"]!.AsArray().GroupBy(t => (string)t!["name"]!).Select(g => g.Select(t => (string)t!["marker"]!["symbol"]!).Distinct().ToList()).ToList();
        Assert.All(markers, m => Assert.Single(m));
        Assert.NotEqual(markers[0], markers[1]);
        Assert.Contains("there are subject", Assert.Throws<ArgumentException>(() => Draw.Scores([new("subject", "a", 1)], "x", "c", new Reference("odrer", 1, "chance"))).Message);
    }

    [Fact]
    public void Boxes_have_the_chance_of_each_group_and_trade_offs_their_settings()
    {
        var boxes = Draw.Boxes([.. Enumerable.Range(0, 6).Select(i => new Sample("two", i)), .. Enumerable.Range(0, 6).Select(i => new Sample("eight", i))], "accuracy, %", "c", references: [new("two", 50, "chance"), new("eight", 12.5, "chance")]).ToPlotly();
        var chance = boxes["data"]!.AsArray().Single(t => (string?)t!["name"] == "chance")!;
        Assert.Equal(["two", "eight"], chance["x"]!.AsArray().Select(x => (string)x!));
        Assert.Equal("[50,12.5]", chance["y"]!.ToJsonString());
        Assert.True((bool)boxes["layout"]!["showlegend"]!);

        var curve = Draw.Points([new("FT", 1, 2, Label: "1e-4"), new("FT", 80, 3, Label: "1e-3")], "x", "y", "Beyond 12: one.", logY: true, joined: true).WithRange(x: (0, 12), y: (1, 10)).ToPlotly();
        Assert.Equal("lines+markers+text", (string)curve["data"]![0]!["mode"]!);
        Assert.Equal("[0,12]", curve["layout"]!["xaxis"]!["range"]!.ToJsonString());
        Assert.Equal("[0,1]", curve["layout"]!["yaxis"]!["range"]!.ToJsonString());
    }

    [Fact]
    public void An_exercise_tells_right_from_wrong_and_throws_nothing()
    {
        Assert.Equal("✓ Right: PMI of a pair", new ExerciseCheck("PMI of a pair", true, "").ToString());
        Assert.Contains("✗ Not yet: PMI of a pair. Is p(pair) < 1?", WebUtility.HtmlDecode(new ExerciseCheck("PMI of a pair", false, "Is p(pair) < 1?").ToHtml()));
    }

    [Fact]
    public void A_legend_of_several_rows_leaves_the_caption_its_place()
    {
        int Top(int series) => (int)Draw.Bars(Enumerable.Range(0, series).Select(i => new Bar("group", $"a rather long name {i}", 1)), "y", "One line.").ToPlotly()["layout"]!["margin"]!["t"]!;
        Assert.Equal(70, Top(3));
        Assert.Equal(90, Top(5));
    }
}
