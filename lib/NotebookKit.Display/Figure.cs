using System.Collections.Immutable;
using System.IO.Hashing;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json.Nodes;
using Plotly.NET;

namespace NotebookKit.Display;

/// <summary>
/// A Plotly chart in the look of the house, with a caption that is shown and an alt text that is read out.
/// Made from any chart with <see cref="FigureExtensions.AsFigure"/>, or by the verbs of <see cref="Draw"/>. Immutable.
/// </summary>
[TypeFormatterSource(typeof(DisplayFormatters))]
public sealed record Figure : IDisplayable
{
    /// <summary>Wraps <paramref name="chart"/>.</summary>
    /// <param name="chart">The chart; its own template and its width are replaced by the house's.</param>
    /// <param name="caption">One or two sentences: what is shown, what the error bars are, what to look at.</param>
    public Figure(GenericChart chart, string caption)
    {
        ArgumentNullException.ThrowIfNull(chart);
        ArgumentNullException.ThrowIfNull(caption);
        Chart = chart;
        Caption = caption;
    }

    /// <summary>The chart as Plotly.NET made it.</summary>
    public GenericChart Chart { get; }

    /// <summary>What is shown, in words; drawn above the figure.</summary>
    public string Caption { get; init; }

    /// <summary>Height in pixels; the width follows the page. The static picture is 700 wide.</summary>
    public int Height { get; init; } = 420;

    /// <summary>The alt text, if the one made from caption, axes and series does not do.</summary>
    public string? Alt { get; init; }

    internal ImmutableArray<Level> Levels { get; init; } = [];

    internal ((double From, double To)? X, (double From, double To)? Y) Ranges { get; init; }

    /// <summary>The figure with a dashed horizontal line across it, for example chance or the paper's number.</summary>
    /// <param name="y">Where, in units of the y axis.</param>
    /// <param name="label">What the line means; written on it.</param>
    public Figure WithLevel(double y, string label) => this with { Levels = Levels.Add(new Level(y, label)) };

    /// <summary>The figure cut to a part of its axes, where one series would span the plot; say in the caption what lies outside.</summary>
    /// <param name="x">The ends of the x axis; null leaves it whole.</param>
    /// <param name="y">The ends of the y axis; null leaves it whole.</param>
    public Figure WithRange((double From, double To)? x = null, (double From, double To)? y = null) => this with { Ranges = (x, y) };

    /// <summary>The figure with another height.</summary>
    /// <param name="pixels">At least 100.</param>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than 100 pixels.</exception>
    public Figure WithHeight(int pixels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pixels, 100);
        return this with { Height = pixels };
    }

    /// <summary>The figure with an alt text of your own.</summary>
    /// <param name="alt">What a reader who cannot see the figure should know.</param>
    public Figure WithAlt(string alt) => this with { Alt = alt };

    /// <summary>
    /// The figure for plotly.js: <c>data</c>, <c>layout</c> (with the house template, and caption and alt text under <c>meta</c>) and <c>config</c>,
    /// with numbers of five significant digits so that notebooks stay small.
    /// </summary>
    public JsonObject ToPlotly() => FigureJson.From(this);

    /// <summary>The alt text.</summary>
    public override string ToString() => (string)ToPlotly()["layout"]!["meta"]!["alt"]!;

    /// <summary>
    /// A fragment that draws the figure with the plotly.js of the page and shows the alt text until there is one.
    /// It carries no script but its own: the host puts plotly.js (<see cref="PlotlyScript"/>) on the page once.
    /// </summary>
    public string ToHtml()
    {
        var spec = ToPlotly();
        string alt = HtmlEncoder.Default.Encode((string)spec["layout"]!["meta"]!["alt"]!);
        string json = FigureJson.ForScript(spec);
        string id = Convert.ToHexStringLower(XxHash64.Hash(Encoding.UTF8.GetBytes(json)));
        return $$"""
            <div data-nbk-figure="{{id}}" role="img" aria-label="{{alt}}" style="width:100%;min-height:{{Height}}px"><em>{{alt}}</em></div>
            <script>(() => {
              const figure = {{json}};
              let patience = 100;
              const draw = () => {
                const plotly = [window.NotebookKitPlotly, window.Plotly].find(p => p && p.newPlot);
                if (!plotly) { if (patience-- > 0) setTimeout(draw, 100); return; }
                for (const place of document.querySelectorAll('[data-nbk-figure="{{id}}"]:not([data-drawn])')) {
                  place.dataset.drawn = 'yes';
                  place.textContent = '';
                  plotly.newPlot(place, figure.data, figure.layout, figure.config);
                }
              };
              draw();
            })();</script>
            """;
    }

    internal readonly record struct Level(double Y, string Label);
}
