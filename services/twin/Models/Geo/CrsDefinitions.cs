using ProjNet.CoordinateSystems;

namespace LivingCity.Twin.Models.Geo;

/// <summary>Definitions of the EPSG registry in well-known text (OGC 01-009) for the systems that ProjNET does not name itself.</summary>
internal static class CrsDefinitions
{
    private const string Etrs89 =
        """
        GEOGCS["ETRS89",DATUM["European_Terrestrial_Reference_System_1989",SPHEROID["GRS 1980",6378137,298.257222101],TOWGS84[0,0,0,0,0,0,0]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433],AXIS["Lon",EAST],AXIS["Lat",NORTH]]
        """;

    private const string EuropeanGrid =
        $$"""
        PROJCS["ETRS89-extended / LAEA Europe",{{Etrs89}},PROJECTION["Lambert_Azimuthal_Equal_Area"],PARAMETER["latitude_of_center",52],PARAMETER["longitude_of_center",10],PARAMETER["false_easting",4321000],PARAMETER["false_northing",3210000],UNIT["metre",1],AXIS["X",EAST],AXIS["Y",NORTH]]
        """;

    private const string BritishGrid =
        """
        PROJCS["OSGB36 / British National Grid",GEOGCS["OSGB36",DATUM["Ordnance_Survey_of_Great_Britain_1936",SPHEROID["Airy 1830",6377563.396,299.3249646],TOWGS84[446.448,-125.157,542.06,0.15,0.247,0.842,-20.489]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433],AXIS["Lon",EAST],AXIS["Lat",NORTH]],PROJECTION["Transverse_Mercator"],PARAMETER["latitude_of_origin",49],PARAMETER["central_meridian",-2],PARAMETER["scale_factor",0.9996012717],PARAMETER["false_easting",400000],PARAMETER["false_northing",-100000],UNIT["metre",1],AXIS["X",EAST],AXIS["Y",NORTH]]
        """;

    public static CoordinateSystem? Find(int epsg) => epsg switch
    {
        4326 => GeographicCoordinateSystem.WGS84,
        4258 => Parse(Etrs89),
        3857 => ProjectedCoordinateSystem.WebMercator,
        3035 => Parse(EuropeanGrid),
        27700 => Parse(BritishGrid),
        >= 32601 and <= 32660 => ProjectedCoordinateSystem.WGS84_UTM(epsg - 32600, true),
        >= 32701 and <= 32760 => ProjectedCoordinateSystem.WGS84_UTM(epsg - 32700, false),
        >= 25828 and <= 25838 => Parse(Utm(epsg - 25800)),
        _ => null,
    };

    private static string Utm(int zone) =>
        $$"""
        PROJCS["ETRS89 / UTM zone {{zone}}N",{{Etrs89}},PROJECTION["Transverse_Mercator"],PARAMETER["latitude_of_origin",0],PARAMETER["central_meridian",{{zone * 6 - 183}}],PARAMETER["scale_factor",0.9996],PARAMETER["false_easting",500000],PARAMETER["false_northing",0],UNIT["metre",1],AXIS["X",EAST],AXIS["Y",NORTH]]
        """;

    private static CoordinateSystem Parse(string text) => new CoordinateSystemFactory().CreateFromWkt(text);
}
