using System.Globalization;
using System.Net;
using TorchSharp;

namespace NotebookKit.Display;

/// <summary>What a reader wants to know of a tensor: shape, type, device, range, and its first values. Reads the tensor at once and keeps no reference to it.</summary>
[TypeFormatterSource(typeof(DisplayFormatters))]
public sealed record TensorSummary : IDisplayable
{
    private const int RowsShown = 6;
    private const int ColumnsShown = 8;

    /// <summary>Reads <paramref name="tensor"/>; a tensor on a GPU is copied only as far as it is shown.</summary>
    /// <param name="tensor">Any shape, any type.</param>
    public TensorSummary(torch.Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        Shape = [.. tensor.shape];
        Type = tensor.dtype.ToString().ToLowerInvariant();
        Device = tensor.device.ToString();
        var values = tensor.detach();
        if (!values.is_complex() && values.numel() > 0 && values.dtype != torch.ScalarType.Bool)
        {
            var wide = values.to(torch.float64);
            Range = (wide.min().item<double>(), wide.mean().item<double>(), wide.max().item<double>());
        }

        Rows = values.is_complex() || values.numel() == 0 ? [] : First(values);
    }

    /// <summary>The length of each axis; empty for a single number.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>The type of the elements, for example <c>float32</c>.</summary>
    public string Type { get; }

    /// <summary>Where the tensor lives, for example <c>cpu</c> or <c>cuda:0</c>.</summary>
    public string Device { get; }

    /// <summary>Smallest, mean and largest element; null where that says nothing (no elements, truth values, complex numbers).</summary>
    public (double Min, double Mean, double Max)? Range { get; }

    private IReadOnlyList<IReadOnlyList<string>> Rows { get; }

    /// <summary>The heading and a small table of the first values.</summary>
    public string ToHtml()
    {
        string rows = string.Concat(Rows.Select(r => "<tr>" + string.Concat(r.Select(v => $"<td style=\"text-align:right\">{WebUtility.HtmlEncode(v)}</td>")) + "</tr>"));
        string table = rows.Length == 0 ? "" : $"<table class=\"nbk-tensor\"><tbody>{rows}</tbody></table>";
        return $"<div><code>{WebUtility.HtmlEncode(Heading)}</code>{table}</div>";
    }

    /// <summary>The heading and the first values, one row a line.</summary>
    public override string ToString() => string.Join('\n', Rows.Select(r => "  " + string.Join("  ", r.Select(v => v.PadLeft(9)))).Prepend(Heading));

    private string Heading
    {
        get
        {
            string range = Range is var (min, mean, max) ? string.Create(CultureInfo.InvariantCulture, $", min {min:G4}, mean {mean:G4}, max {max:G4}") : "";
            return $"{Type}[{string.Join(", ", Shape)}] on {Device}{range}";
        }
    }

    /// <summary>The upper left corner of the first matrix: leading axes are at index 0.</summary>
    private static List<IReadOnlyList<string>> First(torch.Tensor values)
    {
        while (values.dim() > 2)
        {
            values = values[0];
        }

        while (values.dim() < 2)
        {
            values = values.unsqueeze(0);
        }

        var (height, width) = (values.shape[0], values.shape[1]);
        var corner = values.narrow(0, 0, Math.Min(height, RowsShown)).narrow(1, 0, Math.Min(width, ColumnsShown)).cpu().to(torch.float64);
        bool fraction = values.is_floating_point();
        bool truth = values.dtype == torch.ScalarType.Bool;
        var rows = new List<IReadOnlyList<string>>();
        for (int i = 0; i < corner.shape[0]; i++)
        {
            var row = new List<string>();
            for (int j = 0; j < corner.shape[1]; j++)
            {
                double v = corner[i, j].item<double>();
                row.Add(truth ? (v != 0 ? "true" : "false") : v.ToString(fraction ? "G4" : "F0", CultureInfo.InvariantCulture));
            }

            if (width > ColumnsShown)
            {
                row.Add("…");
            }

            rows.Add(row);
        }

        if (height > RowsShown)
        {
            rows.Add([.. Enumerable.Repeat("…", rows[0].Count)]);
        }

        return rows;
    }
}

/// <summary>From a tensor to its summary.</summary>
public static class TensorExtensions
{
    /// <summary>Shape, type, device, range and first values of <paramref name="tensor"/>, for hosts that show a bare tensor as an object.</summary>
    /// <param name="tensor">Any shape, any type.</param>
    public static TensorSummary AsSummary(this torch.Tensor tensor) => new(tensor);
}
