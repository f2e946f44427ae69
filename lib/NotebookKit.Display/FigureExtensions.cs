using Plotly.NET;

namespace NotebookKit.Display;

/// <summary>From a chart to a figure.</summary>
public static class FigureExtensions
{
    /// <summary>The chart in the look of the house, with a caption: <c>Chart.Line&lt;…&gt;(…).AsFigure("Loss by step.")</c>.</summary>
    /// <param name="chart">Any chart of Plotly.NET, combined or single.</param>
    /// <param name="caption">What is shown, in a sentence or two.</param>
    /// <param name="x">The label of the x axis with its unit; null leaves what the chart says.</param>
    /// <param name="y">The label of the y axis with its unit; null leaves what the chart says.</param>
    public static Figure AsFigure(this GenericChart chart, string caption, string? x = null, string? y = null)
    {
        ArgumentNullException.ThrowIfNull(chart);
        if (x is not null || y is not null)
        {
            var layout = new Layout();
            foreach (var (axis, label) in new[] { ("xaxis", x), ("yaxis", y) })
            {
                if (label is not null)
                {
                    layout.SetProperty(axis, ChartParts.Axis(label));
                }
            }

            chart = GenericChart.addLayout(layout, chart);
        }

        return new Figure(chart, caption);
    }
}
