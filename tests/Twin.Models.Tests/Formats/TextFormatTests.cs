using LivingCity.Twin.Models.Contract;
using LivingCity.Twin.Models.Formats;
using LivingCity.Twin.Models.Geo;
using NetTopologySuite.Geometries;

namespace LivingCity.Twin.Models.Tests.Formats;

public sealed class TextFormatTests
{
    [Fact]
    public void GeoJson_EveryGeometry_SurvivesWritingAndReading()
    {
        const string Text =
            """
            {"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::25832"}},"features":[
            {"type":"Feature","id":"a","geometry":{"type":"Point","coordinates":[1,2,3]},"properties":{"n":1.5,"t":"x","b":true,"z":null}},
            {"type":"Feature","geometry":{"type":"Polygon","coordinates":[[[0,0],[4,0],[4,4],[0,0]],[[1,0.5],[2,0.5],[2,1],[1,0.5]]]},"properties":null},
            {"type":"Feature","geometry":{"type":"MultiLineString","coordinates":[[[0,0],[1,1]],[[2,2],[3,3]]]},"properties":{}},
            {"type":"Feature","geometry":{"type":"MultiPolygon","coordinates":[[[[0,0],[1,0],[1,1],[0,0]]]]},"properties":{}},
            {"type":"Feature","geometry":{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[0,0]}]},"properties":{}},
            {"type":"Feature","geometry":null,"properties":{}}]}
            """;

        var read = GeoJson.Read(Text);
        var again = GeoJson.Read(GeoJson.Write(read));

        Assert.Equal(25832, again.Epsg);
        Assert.Equal("a", again.Features[0].Id);
        Assert.Equal((1.5, "x", "true"), (again.Features[0].Number("n"), again.Features[0].Text("t"), again.Features[0].Text("b")));
        Assert.All(read.Features.Zip(again.Features), p => Assert.True(p.First.Geometry.EqualsExact(p.Second.Geometry)));
        Assert.Single(((Polygon)again.Features[1].Geometry).InteriorRings);
    }

    [Theory]
    [InlineData("{\"type\":")]
    [InlineData("{\"type\":\"Table\"}")]
    [InlineData("{\"type\":\"Feature\",\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[1,1]]]},\"properties\":{}}")]
    [InlineData("[1,2]")]
    public void GeoJson_Broken_IsRefused(string text) => Assert.Throws<InputFormatException>(() => GeoJson.Read(text));

    [Fact]
    public void CsvSeries_TimesGapsAndSemicolons_AreRead()
    {
        var series = CsvSeries.Read(new StringReader("time;level;\"flow; m3/s\"\r\n2025-01-01T00:00:00Z;1.5;10\r\n2025-01-01T00:15:00Z;;12\r\n"));

        Assert.Equal([0, 900], series.Seconds);
        Assert.Equal([1.5, double.NaN], series.Values["level"]);
        Assert.Equal(11, series.At("flow; m3/s", 450));
        using var written = new StringWriter();
        CsvSeries.Write(series, written);
        var again = CsvSeries.Read(new StringReader(written.ToString()));
        Assert.Equal(series.Start, again.Start);
        Assert.Equal(series.Values["flow; m3/s"], again.Values["flow; m3/s"]);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("t,v\n0,1\n0,2\n", "rise")]
    [InlineData("t,v\n0,1,2\n", "headings")]
    [InlineData("t,v\n0,x\n", "'x'")]
    [InlineData("t,v,v\n0,1,2\n", "same name")]
    public void CsvSeries_Broken_SaysWhatIsWrong(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<InputFormatException>(() => CsvSeries.Read(new StringReader(text))).Message, StringComparison.Ordinal);

    [Fact]
    public void CsvTable_QuotedCells_SurviveWritingAndReading()
    {
        var table = new Table([new("name"), new("value")], [["a \"b\", c", 1.0], ["line\nbreak", null]]);
        using var written = new StringWriter();
        CsvSeries.Write(table, written);

        var read = CsvSeries.ReadTable(new StringReader(written.ToString()));

        Assert.Equal("a \"b\", c", read.Text(0, "name"));
        Assert.Equal("line\nbreak", read.Text(1, "NAME"));
        Assert.True(double.IsNaN(read.Number(1, "value")));
    }

    [Theory]
    [InlineData(25832, 11.5755, 48.1374, 691603.032, 5334780.031, 0.01)]
    [InlineData(32634, 23.3219, 42.6977, 690183.656, 4729859.761, 0.01)]
    [InlineData(3035, 10, 52, 4321000, 3210000, 0.01)]
    [InlineData(27700, -2.9441, 54.8951, 339500, 556000, 2000)]
    [InlineData(3857, 0, 0, 0, 0, 0.01)]
    public void Crs_KnownPlaces_AreCarriedThereAndBack(int epsg, double longitude, double latitude, double x, double y, double tolerance)
    {
        var found = Crs.Transform(4326, epsg, longitude, latitude);
        var back = Crs.Transform(epsg, 4326, found.X, found.Y);

        Assert.Equal(x, found.X, tolerance);
        Assert.Equal(y, found.Y, tolerance);
        Assert.Equal(longitude, back.X, 1e-7);
        Assert.Equal(latitude, back.Y, 1e-7);
    }

    [Fact]
    public void Crs_Unknown_IsRefused()
    {
        Assert.False(Crs.IsKnown(1));
        Assert.Throws<NotSupportedException>(() => Crs.Transform(4326, 1, 0, 0));
    }
}
