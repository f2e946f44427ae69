using System.Xml.Linq;
using NotebookKit.Runner.Site;

namespace NotebookKit.Tests.Site;

public sealed class MathMlTests
{
    [Fact]
    public void A_displayed_formula_may_go_on_over_several_lines()
    {
        var html = new MarkdownHtml(".", _ => null).Write("Text:\n\n$$a = b,\\qquad\nc = d$$\n\n$$\ne = f\n$$\n\nand a price of $$ 5.");

        Assert.Equal(2, System.Text.RegularExpressions.Regex.Count(html, "<math"));
        Assert.Contains("and a price of $$ 5.", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(@"x_i^2", "<msubsup><mi>x</mi><mrow><mi>i</mi></mrow><mrow><mn>2</mn></mrow></msubsup>")]
    [InlineData(@"\frac{a}{b}", "<mfrac><mrow><mi>a</mi></mrow><mrow><mi>b</mi></mrow></mfrac>")]
    [InlineData(@"\sum_{i=1}^n", "<munderover><mo>∑</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mrow><mi>n</mi></mrow></munderover>")]
    [InlineData(@"a \rightarrow b", "<mi>a</mi><mo stretchy=\"false\">→</mo><mi>b</mi>")]
    [InlineData(@"\mathbb{R}", "<mi>ℝ</mi>")]
    [InlineData(@"f'", "<msup><mi>f</mi><mrow><mo>′</mo></mrow></msup>")]
    [InlineData(@"0.15 < x", "<mn>0.15</mn><mo>&lt;</mo><mi>x</mi>")]
    public void Draws_the_tex_of_the_notebooks(string tex, string mathMl) =>
        Assert.Contains(mathMl, MathMl.Write(tex, displayed: false), StringComparison.Ordinal);

    [Theory]
    [InlineData(@"\mathrm{PMI}_n(w_1 \ldots w_n) = \min_{\sigma \in \mathrm{seg}(w)} \log \frac{p(w)}{\prod_{s \in \sigma} p(s)}")]
    [InlineData(@"\tilde u_\ell = \sigma\left(s_\ell \odot (U_1 V_1 u_\ell + b) + o\right), \quad \|x\|_2 \le 1")]
    [InlineData(@"\nabla_{W_\ell} L = \sum_{i=1}^{B} \delta_{\ell+1}^i {u_\ell^i}^\top")]
    [InlineData(@"\operatorname*{arg\,max}_{c \in \mathcal{C}} \log p_\theta(c \mid x)")]
    [InlineData(@"f(x) = \begin{cases} x & \text{if } x > 0 \\ 0 & \text{otherwise} \end{cases}")]
    [InlineData(@"\begin{aligned} a &= b \\ &= c \end{aligned}")]
    [InlineData(@"\left\{ x \,\middle|\, x \in \mathbb{N} \right\} \subseteq \hat{A}, 50\%")]
    public void Formulas_of_the_papers_become_well_formed_elements(string tex) =>
        Assert.Equal("math", XElement.Parse(MathMl.Write(tex, displayed: true)).Name.LocalName);

    [Theory]
    [InlineData(@"\unknown{x}")]
    [InlineData(@"\frac{a}")]
    [InlineData(@"{a")]
    [InlineData(@"a}")]
    [InlineData(@"\left( a")]
    [InlineData(@"\")]
    [InlineData(@"x^")]
    public void Formula_it_cannot_draw_is_shown_whole_as_its_source(string tex) =>
        Assert.Equal(tex, XElement.Parse(MathMl.Write(tex, displayed: false)) is { Name.LocalName: "code" } code ? code.Value : "drawn");
}
